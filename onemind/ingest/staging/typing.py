"""Typing a cell in SQL: its text as a number, a date, a yes or no, a word of a list; else null."""

from __future__ import annotations

from onemind.campaign import Contract, Field, Rules
from onemind.geography import state_words
from onemind.ingest.readings import Learned, dates
from onemind.ingest.readings.text import among
from onemind.store import quoted

BOOLEANS = {
    "yes": "true", "true": "true", "1": "true", "y": "true", "t": "true",
    "no": "false", "false": "false", "0": "false", "n": "false", "f": "false",
}  # fmt: skip
THOUSANDS = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
SERIAL = r"[2-6]\d{4}(\.0+)?"
YEAR, MONTH = r"(?:19|20)\d{2}", r"(?:0?[1-9]|1[0-2])"


def typed(field: Field, parsed: Contract, rules: Rules, learned: Learned) -> str:
    """Return the expression of a field's typed value, null where its text can't be one."""
    text = f"t_{field.name}"
    more = learned.words(field.name)
    if words := vocabulary(field, rules):
        return _translated(text, {**words, **more}, keep=field.vocabulary == "states")
    match field.type:
        case "boolean":
            return f"{_translated(text, {**BOOLEANS, **more})}::boolean"
        case "integer":
            return _integer(text, field)
        case "number":
            return _number(text)
        case "date":
            return _date(field, parsed.partial_dates, learned)
    return _without_suffix(text, field.suffixes)


def _integer(text: str, field: Field) -> str:
    """A whole number, with or without commas; a number that means unknown becomes null."""
    value = (
        f"case when regexp_full_match({text}, '[+-]?\\d+(\\.0*)?')"
        f" then try_cast({text} as bigint)"
        f" when regexp_full_match({text}, '[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.0*)?')"
        f" then try_cast(replace({text}, ',', '') as bigint) end"
    )
    return f"nullif({value}, 0)" if "0" in field.missing_values else value


def _number(text: str) -> str:
    bare = (
        f"case when regexp_full_match({text}, '{THOUSANDS}') then replace({text}, ',', '')"
        f" when regexp_full_match({text}, '[-+.\\deE]+') then {text} end"
    )
    return f"nullif(try_cast({bare} as double), 'infinity'::double)"


def vocabulary(field: Field, rules: Rules) -> dict[str, str]:
    """Return every word a field may hold, in lower case -> its value; {} means any text."""
    if field.vocabulary == "states":
        return state_words()
    if field.vocabulary:
        return rules.words(field.vocabulary)
    return {value: value for value in field.enum} | dict(field.synonyms)


def _translated(text: str, words: dict[str, str], keep: bool = False) -> str:
    cases = " ".join(f"when {quoted(word)} then {quoted(value)}" for word, value in words.items())
    exact = among(text, sorted(set(words.values())))
    rest = f" else upper({text})" if keep else ""
    return f"case when {exact} then {text} else case lower({text}) {cases}{rest} end end"


def _without_suffix(text: str, suffixes: tuple[str, ...]) -> str:
    if not suffixes:
        return text
    listed = "|".join(suffix.replace(".", r"\.") for suffix in suffixes)
    listing = f"""regexp_full_match({text}, '\\[''[^'']*''\\]')"""
    bare = f"case when {listing} then {text}[3:-3] else {text} end"
    return f"trim(regexp_replace(trim({bare}), '\\s+({listed})$', '', 'i'))"


def _date(field: Field, partial: bool, learned: Learned) -> str:
    text, order = f"t_{field.name}", learned.order(field.name)
    parts = [dates.day(text, order, field.past, learned.today)]
    if partial:
        parts += [
            f"try_strptime(regexp_extract({text}, '^{YEAR}$'), '%Y')::date",
            f"try_strptime(regexp_extract({text}, '^{YEAR}-{MONTH}$'), '%Y-%m')::date",
            f"try_strptime(regexp_extract({text}, '^{MONTH}/{YEAR}$'), '%m/%Y')::date",
        ]
    parts.append(
        f"case when regexp_full_match({text}, '{SERIAL}')"
        f" then date '1899-12-30' + try_cast({text} as double)::integer end"
    )
    day = f"coalesce({', '.join(parts)})"
    return f"(case when year({day}) between 1900 and 2099 then {day} end)"


def precision(text: str) -> str:
    """Return the expression of how exactly a date is known: "year", "month", null for a day."""
    return (
        f"case when regexp_full_match({text}, '{YEAR}') then 'year'"
        f" when regexp_full_match({text}, '{YEAR}-{MONTH}|{MONTH}/{YEAR}') then 'month' end"
    )
