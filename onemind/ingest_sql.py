"""From a contract to SQL: text cells into typed columns, and what is wrong with each of them.

A staged table has the contract's columns, typed, and for each one the file has a `fault_<column>`:
0, or the place in FAULTS of the first thing wrong with the cell. Typing and checking run in DuckDB
over the whole file at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from onemind.contract import MISSING_VALUES, Contract, Field
from onemind.ingest_match import Match
from onemind.ingest_read import Source
from onemind.places import state_words
from onemind.rules import Rules
from onemind.store_lake import quoted

FAULTS = (
    "", "missing-value", "type-error", "enum-error", "minimum", "maximum", "length", "pattern",
    "personal-id", "partial-date", "serial-date",
)  # fmt: skip
BOOLEANS = {
    "yes": "true", "true": "true", "1": "true", "y": "true", "t": "true",
    "no": "false", "false": "false", "0": "false", "n": "false", "f": "false",
}  # fmt: skip
DATE_FORMATS = (
    "%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
)  # fmt: skip
WHITE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
LETTERS = r"[\p{L}'’.\-]+"
PERSONAL = (
    rf".*@.*|\d{{3}}[- ]?\d{{2}}[- ]?\d{{4}}"
    rf"|{LETTERS},?(\s+{LETTERS})+|{LETTERS}\s*,\s*{LETTERS}(\s+{LETTERS})*"
)
THOUSANDS = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
TOTALS = "(grand |sub)?totals?:?|sum:?"
SERIAL = r"[2-6]\d{4}(\.0+)?"
YEAR, MONTH = r"(?:19|20)\d{2}", r"(?:0?[1-9]|1[0-2])"


def text_rows(source: Source, rejects: str) -> str:
    """Return a table of all cells as text (c0, c1, …); ragged lines go to the table `rejects`."""
    columns = ", ".join(f"'c{place}': 'varchar'" for place in range(len(source.header)))
    return f"""read_csv({quoted(source.path)}, columns = {{{columns}}}, header = true,
            skip = {source.above}, nullstr = '',
            auto_detect = false, strict_mode = true, null_padding = false,
            delim = {quoted(source.delimiter)}, quote = '"', escape = '"',
            store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan')"""


def staged(source: Source, parsed: Contract, found: Match, rules: Rules, rejects: str) -> str:
    """Return the SELECT of a staged table; its rows come in the file's order."""
    given = [field for field in parsed.fields if field.name in found.given]
    cells = ", ".join(f"{_cell(field, found)} as t_{field.name}" for field in given)
    texts = ", ".join(f"{_known(field)} as t_{field.name}" for field in given)
    typed = ", ".join(
        f"{_value(field, found, parsed, rules)} as {field.name}" for field in parsed.fields
    )
    faults = ", ".join(f"{_fault(field, parsed)} as fault_{field.name}" for field in given)
    orders = "".join(f", {_disorder(*pair)}" for pair in disorders(parsed))
    blank = " and ".join(f"t_{name} is null" for name in found.columns)
    hints = "".join(
        f", trim(c{place}, {quoted(WHITE)}) as hint_{name}" for name, place in found.hints.items()
    )
    carried = "".join(f", hint_{name}" for name in found.hints)
    return f"""
        with cells as (select {cells}{hints} from {text_rows(source, rejects)}),
        texts as (select {texts}{carried} from cells),
        typed as (select *, {typed} from texts)
        select {", ".join(parsed.columns)}, {faults}{orders}, ({blank}) as blank,
            {_totals(parsed, found)} as totals{carried}
        from typed"""


def _totals(parsed: Contract, found: Match) -> str:
    """Whether a row is the sum under a table: it says so, and lacks what every row needs."""
    needed = [item.name for item in parsed.fields if item.required and item.name in found.columns]
    lacks = " or ".join(f"t_{name} is null" for name in needed)
    says = " or ".join(f"regexp_full_match(lower(t_{name}), '{TOTALS}')" for name in found.columns)
    return f"case when {lacks or 'false'} then coalesce({says}, false) else false end"


def disorders(parsed: Contract) -> list[tuple[int, str, str]]:
    """Return the contract's orders as (number, lower column, upper column)."""
    return [(number, order.lower, order.upper) for number, order in enumerate(parsed.orders)]


def _disorder(number: int, lower: str, upper: str) -> str:
    return f"coalesce({upper} < {lower}, false) as disorder_{number}"


def _cell(field: Field, found: Match) -> str:
    if field.name in found.columns:
        return _trimmed(f"c{found.columns[field.name]}")
    return quoted(found.constants[field.name])


def _trimmed(cell: str) -> str:
    """The cell without white space around it; most have none, and looking is cheaper than trimming.

    A cell of printing ASCII is told at once, one with white space inside by its two ends.
    """
    ends = quoted(f"^[{WHITE}]|[{WHITE}]$")
    return (
        f"case when regexp_full_match({cell}, '[!-~]*') then {cell}"
        f" when not regexp_matches({cell}, {ends}) then {cell}"
        f" else trim({cell}, {quoted(WHITE)}) end"
    )


def _known(field: Field) -> str:
    """The cell's text, or null where it is a word for a missing value."""
    words = sorted({"", *MISSING_VALUES, *field.missing_values})
    name, short = f"t_{field.name}", max(map(len, words))
    missing = _among(f"lower({name})", words)
    return f"case when length({name}) > {short} or not {missing} then {name} end"


def _among(text: str, words: Iterable[str]) -> str:
    """Whether a text is one of the words.

    Not by `in`: DuckDB makes a join of a longer list, and a join loses the order of the file, so
    that row numbers would be wrong (seen from 150,000 rows on, with two threads).
    """
    return f"list_contains([{', '.join(map(quoted, words))}], {text})"


def _value(field: Field, found: Match, parsed: Contract, rules: Rules) -> str:
    """The cell as a typed value, null where it can't be one."""
    value = f"null::{field.sql_type}"
    if field.name in found.given:
        value = _typed(field, parsed, rules)
    if field.default:
        default = f"{quoted(field.default)}::{field.sql_type}"
        given = field.name in found.given
        value = (
            f"case when t_{field.name} is null then {default} else {value} end"
            if given
            else default
        )
    if parsed.partial_dates and field.name == "precision":
        value = f"coalesce({_precision('t_pledged_on')}, {value}, 'day')"
    return value


def _typed(field: Field, parsed: Contract, rules: Rules) -> str:
    text = f"t_{field.name}"
    if words := vocabulary(field, rules):
        return _translated(text, words, keep=field.vocabulary == "states")
    match field.type:
        case "boolean":
            return f"{_translated(text, BOOLEANS)}::boolean"
        case "integer":
            return _integer(text, field)
        case "number":
            return _number(text)
        case "date":
            return _date(text, parsed.partial_dates)
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
    exact = _among(text, sorted(set(words.values())))
    rest = f" else upper({text})" if keep else ""
    return f"case when {exact} then {text} else case lower({text}) {cases}{rest} end end"


def _without_suffix(text: str, suffixes: tuple[str, ...]) -> str:
    if not suffixes:
        return text
    listed = "|".join(suffix.replace(".", r"\.") for suffix in suffixes)
    listing = f"""regexp_full_match({text}, '\\[''[^'']*''\\]')"""
    bare = f"case when {listing} then {text}[3:-3] else {text} end"
    return f"regexp_replace({bare}, '\\s+({listed})$', '', 'i')"


def _date(text: str, partial: bool) -> str:
    formats = ", ".join(quoted(item) for item in DATE_FORMATS)
    parts = [f"try_strptime({text}, [{formats}])::date"]
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


def _precision(text: str) -> str:
    return (
        f"case when regexp_full_match({text}, '{YEAR}') then 'year'"
        f" when regexp_full_match({text}, '{YEAR}-{MONTH}|{MONTH}/{YEAR}') then 'month' end"
    )


def _fault(field: Field, parsed: Contract) -> str:
    text = f"t_{field.name}"
    listed = field.enum or field.vocabulary not in ("", "states")
    tests = [f"when {text} is null then {FAULTS.index('missing-value') if field.required else 0}"]
    wrong = "enum-error" if listed else "type-error"
    zero = f" and try_cast({text} as double) is distinct from 0" if field.missing_values else ""
    tests += [_test(wrong, f"{field.name} is null{zero}")]
    if field.minimum is not None:
        tests += [_test("minimum", f"{field.name} < {field.minimum}")]
    if field.maximum is not None:
        tests += [_test("maximum", f"{field.name} > {field.maximum}")]
    if field.max_length is not None:
        tests += [_test("length", f"length({text}) > {field.max_length}")]
    if field.personal:
        tests += [_test("personal-id", f"regexp_full_match({text}, {quoted(PERSONAL)})")]
    if field.pattern:
        tests += [_test("pattern", f"not regexp_full_match({text}, {quoted(field.pattern)})")]
    if parsed.partial_dates and field.type == "date":
        tests += [_test("partial-date", f"{_precision(text)} is not null")]
    if field.type == "date":
        tests += [_test("serial-date", f"regexp_full_match({text}, '{SERIAL}')")]
    return f"(case {' '.join(tests)} else 0 end)::utinyint"


def _test(code: str, condition: str) -> str:
    return f"when {condition} then {FAULTS.index(code)}"
