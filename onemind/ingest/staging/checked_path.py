"""From a contract to SQL: text cells into typed columns, and what is wrong with each of them.

A staged table has the contract's columns, typed, and for each one the file has a `fault_<column>`:
0, or the place in FAULTS of the first thing wrong with the cell. Typing and checking run in DuckDB
over the whole file at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from onemind.campaign import Contract, Field, Rules
from onemind.ingest.matching import Match
from onemind.ingest.reading import Source
from onemind.ingest.readings import Learned
from onemind.ingest.readings.text import WHITE, among, known, trimmed
from onemind.ingest.staging import row_kinds
from onemind.ingest.staging.typing import SERIAL, precision, typed
from onemind.store import quoted

FAULTS = (
    "", "missing-value", "type-error", "enum-error", "minimum", "maximum", "length", "pattern",
    "personal-id", "partial-date", "serial-date", "rounded-id", "broken-letters",
)  # fmt: skip
LETTERS = r"[\p{L}\p{M}'’.\-]+"
GAP = r"[\s\pZ\p{Cf}]"  # \s alone knows no spaces but those of ASCII
DASH = rf"(?:{GAP}|\p{{Pd}})?"
# Two capitalized words in one, such as Mary_Smith, are a name too; o_1 and Unit-A are none.
WORD = r"\p{Lu}[\p{L}'’\-]*\p{Ll}[\p{L}'’\-]*"
JOINED = rf"{WORD}([_/.]\p{{Lu}}[\p{{L}}'’\-]*)*[_/.]{WORD}"
PERSONAL = (
    rf"(?s:.*[@\x{{ff20}}].*)|\d{{3}}{DASH}\d{{2}}{DASH}\d{{4}}"
    rf"|{LETTERS}(({GAP}*,{GAP}*|{GAP}+){LETTERS})+"
    rf"|{JOINED}"
)
# What Excel makes of a long number: 1.23E+05. The digits it left out are gone.
ROUNDED = r"[+-]?\d(\.\d+)?[Ee]\+\d+"
BROKEN = "\ufffd"  # stands where a program did not know a letter


def text_rows(
    source: Source, rejects: str = "", types: Mapping[int, str] | None = None, more: str = ""
) -> str:
    """Return a table of all cells as text (c0, c1, …), or by place of another type.

    Ragged lines go to the table `rejects`; without one they are an error, as is a cell that is not
    of its type.
    """
    typed = types or {}
    columns = ", ".join(
        f"'c{place}': '{typed.get(place, 'varchar')}'" for place in range(len(source.header))
    )
    kept = f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan'"
    options = [item for item in (kept if rejects else "", more) if item]
    return f"""read_csv({quoted(source.body or source.path)}, columns = {{{columns}}},
            header = true, nullstr = '',
            auto_detect = false, strict_mode = true, null_padding = false,
            delim = {quoted(source.delimiter)}, quote = '"', escape = '"',
            {", ".join(options)})"""


def staged(
    source: Source, parsed: Contract, match: Match, rules: Rules, learned: Learned, table: str
) -> str:
    """Return the SELECT of a staged table; its rows come in the file's order.

    `table` holds the file's cells as text, as `text_rows` returns them.
    """
    given = [field for field in parsed.fields if field.name in match.given]
    cells = ", ".join(f"{_cell(field, match)} as t_{field.name}" for field in given)
    texts = ", ".join(f"{known(field, f't_{field.name}')} as t_{field.name}" for field in given)
    typed = ", ".join(
        f"{_value(field, match, parsed, rules, learned)} as {field.name}" for field in parsed.fields
    )
    faults = ", ".join(f"{_fault(field, parsed)} as fault_{field.name}" for field in given)
    orders = "".join(f", {_disorder(*pair)}" for pair in disorders(parsed))
    hints = "".join(
        f", trim(c{place}, {quoted(WHITE)}) as hint_{name}" for name, place in match.hints.items()
    )
    carried = "".join(f", hint_{name}" for name in match.hints)
    return f"""
        with cells as (
            select {cells}{hints}, {row_kinds.columns(source, learned)} from {table}
        ),
        texts as (select {texts}{carried}, {row_kinds.COLUMNS} from cells),
        typed as (select *, {typed} from texts)
        select {", ".join(parsed.columns)}, {faults}{orders},
            {row_kinds.reason(parsed, match, learned)} as reason, unclear{carried}
        from typed"""


def differing(
    field: Field, parsed: Contract, match: Match, rules: Rules, learned: Learned, texts: str
) -> str:
    """Return the SELECT of a column's texts that are to be kept differently, or have a fault.

    `texts` selects them as `raw`, as the file has them.
    """
    name = field.name
    return f"""
        with texts as ({texts}),
        cells as (select raw, {trimmed("raw")} as t_{name} from texts),
        known as (select raw, {known(field, f"t_{field.name}")} as t_{name} from cells),
        typed as (select *, {_value(field, match, parsed, rules, learned)} as {name} from known)
        select raw from typed where {name} is distinct from raw or {_fault(field, parsed)} <> 0
        limit 1"""


def disorders(parsed: Contract) -> list[tuple[int, str, str]]:
    """Return the contract's orders as (number, lower column, upper column)."""
    return [(number, order.lower, order.upper) for number, order in enumerate(parsed.orders)]


def _disorder(number: int, lower: str, upper: str) -> str:
    return f"coalesce({upper} < {lower}, false) as disorder_{number}"


def _cell(field: Field, match: Match) -> str:
    if field.name in match.columns:
        return trimmed(f"c{match.columns[field.name]}")
    return quoted(match.constants[field.name])


def _value(field: Field, match: Match, parsed: Contract, rules: Rules, learned: Learned) -> str:
    """The cell as a typed value, null where it can't be one."""
    value = f"null::{field.sql_type}"
    if field.name in match.given:
        value = typed(field, parsed, rules, learned)
    if field.default:
        default = f"{quoted(field.default)}::{field.sql_type}"
        is_given = field.name in match.given
        value = (
            f"case when t_{field.name} is null then {default} else {value} end"
            if is_given
            else default
        )
    if parsed.partial_dates and field.name == "precision":
        value = f"coalesce({precision('t_pledged_on')}, {value}, 'day')"
    return value


def _fault(field: Field, parsed: Contract) -> str:
    text = f"t_{field.name}"
    listed = field.enum or field.vocabulary not in ("", "states")
    tests = [f"when {text} is null then {FAULTS.index('missing-value') if field.required else 0}"]
    wrong = "enum-error" if listed else "type-error"
    zero = f" and try_cast({text} as double) is distinct from 0" if field.missing_values else ""
    misread = f"{field.name} is null{zero}"
    if parsed.partial_dates and field.name == "precision":  # found from the date: never null
        misread = f"not {among(f'lower({text})', field.enum)}"
    tests += [_test(wrong, misread)]
    if field.type == "string":
        tests += [_test("broken-letters", f"contains({text}, '{BROKEN}')")]
    if field.name in parsed.ids:
        tests += [
            _test("rounded-id", f"contains({text}, '+') and regexp_full_match({text}, '{ROUNDED}')")
        ]
    tests += _bounds(field)
    if field.personal:
        tests += [_test("personal-id", f"regexp_full_match({text}, {quoted(PERSONAL)})")]
    if field.pattern:
        tests += [_test("pattern", f"not regexp_full_match({text}, {quoted(field.pattern)})")]
    if field.type == "date":
        partial = [_test("partial-date", f"{precision(text)} is not null")]
        tests += partial if parsed.partial_dates else []
        tests += [_test("serial-date", f"regexp_full_match({text}, '{SERIAL}')")]
    return f"(case {' '.join(tests)} else 0 end)::utinyint"


def _bounds(field: Field) -> list[str]:
    tests = []
    if field.minimum is not None:
        tests += [_test("minimum", f"{field.name} < {field.minimum}")]
    if field.maximum is not None:
        tests += [_test("maximum", f"{field.name} > {field.maximum}")]
    if field.max_length is not None:
        tests += [_test("length", f"length(t_{field.name}) > {field.max_length}")]
    return tests


def _test(code: str, condition: str) -> str:
    return f"when {condition} then {FAULTS.index(code)}"
