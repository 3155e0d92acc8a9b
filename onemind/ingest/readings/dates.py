"""Dates in SQL, decided by the column and never by the cell.

A day may be written with its month as a name, as 20170920, with a time and a zone (the day is as
written), with two digits for the year, or in several of these ways in one column. Whether 3/4 is
March 4 or April 3 is the same for a whole column: a day above 12 proves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onemind.ingest.readings.reading import DAY_FIRST, MONTH_FIRST
from onemind.store import Connection, quoted

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
HOUR = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
ZONE = r"(?:z|utc|gmt|[+-]\d{2}:?(?:\d{2})?|[ecmp][sd]?t)?"
TIME = rf"(?:(?:t|,?\s+){HOUR}\s*{ZONE})?"
YEAR = r"(?:\d{4}|'?\d{2})"
FORMS = "|".join(
    (
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
        r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
        r"\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})|\d{1,2}-\d{1,2}-\d{4}",
        rf"\d{{1,2}}(?:st|nd|rd|th)?[-\s./]*{MONTH}\.?[-\s.,/]*{YEAR}",
        rf"{MONTH}\.?[-\s.]*\d{{1,2}}(?:st|nd|rd|th)?[-\s.,/]+{YEAR}",
        rf"\d{{4}}[-\s./]*{MONTH}[-\s./]*\d{{1,2}}",
    )
)
SHAPE = rf"(?i){WEEKDAY}(?:{FORMS}){TIME}"
ISO = r"\d{4}-\d{2}-\d{2}"
NUMERIC = r"^[^\d]*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?:\D|$)"
PARSED = {
    MONTH_FIRST: ("%Y-%m-%d", "%m-%d-%Y"),
    DAY_FIRST: ("%Y-%m-%d", "%d-%m-%Y"),
}
ALWAYS = ("%d-%b-%Y", "%d-%B-%Y", "%b-%d-%Y", "%B-%d-%Y", "%Y-%b-%d", "%Y-%B-%d", "%Y%m%d")
TESTS = (  # of the first two numbers of a date: day first, month first, unclear
    "a > 12 and b between 1 and 12",
    "b > 12 and a between 1 and 12",
    "a between 1 and 12 and b between 1 and 12 and a <> b",
)
AHEAD = 30  # years: what a day to come with a two-digit year may be ahead


@dataclass(frozen=True)
class Proof:
    """What a column says of its order: where it has a day above 12 in each, and how many cells
    with both numbers up to 12 read differently. Places count from 0.
    """

    day_first: tuple[int, str] | None
    month_first: tuple[int, str] | None
    unclear: tuple[int, str] | None
    unclear_count: int = 0

    @property
    def order(self) -> str | None:
        """The order that the column proves, if it proves one alone."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DAY_FIRST if self.day_first else MONTH_FIRST

    @property
    def is_both(self) -> bool:
        """Whether the column proves both orders."""
        return bool(self.day_first and self.month_first)


def proof(con: Connection, table: str, text: str, last: int) -> Proof:
    """Return what a column of text proves, up to the row at the place `last`."""
    first, second = (
        f"try_cast(regexp_extract(raw, {quoted(NUMERIC)}, {part}) as integer)" for part in (1, 2)
    )
    found = ", ".join(
        f"min(place) filter (where {test}), arg_min(raw, place) filter (where {test}),"
        f" count(*) filter (where {test})"
        for test in TESTS
    )
    row = (
        con.execute(
            f"""
        with written as (
            select rowid as place, {text} as raw from {table}
            where rowid <= {last} and regexp_matches({text}, {quoted(NUMERIC)})
        ),
        parts as (
            select place, raw, {first} as a, {second} as b from written
        )
        select {found} from parts"""
        ).fetchone()
        or (None,) * 9
    )
    cells = [(row[at], row[at + 1]) if row[at] is not None else None for at in (0, 3, 6)]
    return Proof(cells[0], cells[1], cells[2], row[8] or 0)


def day(text: str, order: str | None, past: bool, today: date) -> str:
    """Return the expression of a text's day, null where it is none.

    Without an order, whichever fits is taken, month first where both do.
    """
    orders = PARSED[order] if order else (*PARSED[MONTH_FIRST], *PARSED[DAY_FIRST])
    formats = (*orders, *ALWAYS)
    listed = ", ".join(map(quoted, formats))
    bare = _bare(text)
    iso = f"try_strptime({text}, '%Y-%m-%d')::date"
    plain = f"try_strptime({bare}, [{listed}])::date"
    short = _short_year(bare, listed, past, today)
    return (
        f"case when regexp_full_match({text}, '{ISO}') then {iso}"
        f" when regexp_full_match({text}, {quoted(SHAPE)}) then"
        f" case when regexp_matches({bare}, '^\\d{{4}}|\\d{{4}}$') then {plain}"
        f" else {short} end end"
    )


def _bare(text: str) -> str:
    """The day alone: without weekday, time, ordinal endings; its parts one hyphen apart."""
    steps = (
        (rf"(?i)^{WEEKDAY}", ""),
        (rf"(?i){TIME}$", ""),
        (r"(?i)(\d)(?:st|nd|rd|th)\b", r"\1"),
        (r"(?i)sept\b", "sep"),
        (rf"(?i)(\d)({MONTHS})", r"\1-\2"),
        (rf"(?i)({MONTH})(\d)", r"\1-\2"),
        (r"[\s./,''-]+", "-"),
    )
    for pattern, new in steps:
        flags = ", 'g'" if pattern.startswith(r"[\s") else ""
        literal = f"'{pattern}'" if "''" in pattern else quoted(pattern)
        text = f"regexp_replace({text}, {literal}, {quoted(new)}{flags})"
    return text


def _short_year(bare: str, formats: str, past: bool, today: date) -> str:
    """A day whose year has two digits: of a past column never to come, of another soon to come."""
    stem, year = f"({bare})[:-4]", f"({bare})[-2:]"
    this, last = (
        f"try_strptime({stem} || '-{century}' || {year}, [{formats}])::date" for century in (20, 19)
    )
    latest = today if past else date(today.year + AHEAD, 12, 31)
    return f"case when {this} <= date '{latest}' then {this} else {last} end"
