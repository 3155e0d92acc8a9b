"""Which rows are data, in SQL: what leaves a row out, and what has to be asked of it."""

from __future__ import annotations

from onemind.campaign import Contract
from onemind.ingest.matching import Match
from onemind.ingest.reading import Source
from onemind.ingest.readings import Learned
from onemind.ingest.readings.rows import FILLER, NOTE, RowRule
from onemind.ingest.readings.text import WHITE, among, trimmed
from onemind.store import quoted

COLUMNS = "place, is_hidden, filled, whole, excluded, unclear, header"
SIGNS = r"[^\p{L}\p{N}]+"  # no letter and no number
REASONS = ("blank", "header", "totals", "filler", "hidden")
TOTALS = "(grand |sub)?totals?:?|sum:?"


def columns(source: Source, learned: Learned) -> str:
    """Return what is to be known of each row of a table of texts: COLUMNS."""
    return (
        f"{_shape(source)}, {_excluded(learned.rules)} as excluded,"
        f" {_unclear(learned.rules)} as unclear"
    )


def _shape(source: Source) -> str:
    """A row's place, how many of its cells are filled, all of them as one, and whether it repeats
    the header.
    """
    cells = [
        f"coalesce(trim(c{place}, {quoted(WHITE)}), '')" for place in range(len(source.header))
    ]
    filled = " + ".join(f"({cell} <> '')::integer" for cell in cells)
    same = " and ".join(
        f"lower({cell}) = {quoted(label.lower())}"
        for cell, label in zip(cells, source.header, strict=True)
        if label
    )
    return (
        f"rowid as place, is_hidden, {filled} as filled, concat({', '.join(cells)}) as whole,"
        f" {same} as header"
    )


def _excluded(deciding: tuple[RowRule, ...]) -> str:
    """The number of the first rule that leaves a row out, null where none does."""
    cases = ""
    for number, rule in enumerate(deciding):
        word = _word(rule)
        tests = [among(word, rule.out)] if rule.out else []
        if rule.at_least is not None:
            score = f"try_cast(replace(rtrim({word}, '% '), ',', '.') as double)"
            tests.append(f"{score} < {rule.at_least}")
        cases += f" when {' or '.join(tests)} then {number}" if tests and rule.decides else ""
    return f"case{cases} end" if cases else "null::integer"


def _unclear(deciding: tuple[RowRule, ...]) -> str:
    """Whether it has to be asked if a row counts."""
    tests = [among(_word(rule), rule.unclear) for rule in deciding if rule.unclear]
    return " or ".join(tests) or "false"


def _word(rule: RowRule) -> str:
    return f"lower(coalesce({trimmed(f'c{rule.place}')}, ''))"


def reason(parsed: Contract, match: Match, learned: Learned) -> str:
    """Why a row is none of data: one of REASONS, or the number of a rule; null where it is one."""
    blank = " and ".join(f"t_{name} is null" for name in match.columns)
    needed = [item.name for item in parsed.fields if item.required and item.name in match.columns]
    lacks = " or ".join(f"t_{name} is null" for name in needed) or "false"
    totals = " or ".join(
        f"regexp_full_match(lower(t_{name}), '{TOTALS}')" for name in match.columns
    )
    below = f"place > {learned.last} and regexp_full_match(whole, {quoted(NOTE)})"
    note = f"filled = 1 and ({below} or regexp_full_match(whole, {quoted(FILLER)}))"
    return (
        f"case when filled = 0 then 'blank'"
        f" when header then 'header'"
        f" when ({lacks}) and coalesce({totals}, false) then 'totals'"
        f" when regexp_full_match(whole, '{SIGNS}') or (({lacks}) and {note}) then 'filler'"
        f" when {blank} then 'blank'"
        f" when is_hidden then 'hidden'"
        f" when excluded is not null then excluded::varchar end"
    )
