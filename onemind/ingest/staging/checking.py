"""Checking: each file into a staged table, every fault into a Problem at the reader's own row.

Faults of a cell or of a row are found as the file is read; keys and foreign keys afterwards, over
all files of the publish together, and only among rows that are sound by themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from onemind.campaign import Field, Rules, contract
from onemind.ingest.matching import Match
from onemind.ingest.problem import CheckFailed, Problem
from onemind.ingest.reading import Source, fault
from onemind.ingest.readings import LEFT_OUT, Learned, Terms, TextTable, learn
from onemind.ingest.staging import fast_path, wording
from onemind.ingest.staging.checked_path import FAULTS, disorders, staged, text_rows
from onemind.ingest.staging.part import Part
from onemind.ingest.staging.remarks import remarks
from onemind.ingest.staging.row_kinds import REASONS
from onemind.ingest.staging.typing import BOOLEANS, vocabulary
from onemind.store import Connection, DatabaseError, Interrupted

MOST_ROWS = 100_000


def stage_plain(
    con: Connection, source: Source, match: Match, rules: Rules, number: int, terms: Terms
) -> Part | None:
    """Stage a file by the fast path; None where it can't take it."""
    parsed, said = contract(match.dataset), Learned(terms.said, terms.today, said=terms.said)
    if not terms.fast_path or terms.hidden_rows:
        return None
    if not fast_path.stage(con, source, parsed, match, rules, said, f"part_{number}"):
        return None
    return Part(number, source, match, (), said, plain=True)


def stage(
    con: Connection, source: Source, match: Match, rules: Rules, number: int, terms: Terms
) -> Part:
    """Read a file into its staged table, learning how it is read.

    Raises CheckFailed when it has no rows to read.
    """
    try:
        learned, refused = _stage_checked(con, source, match, rules, number, terms)
    except Interrupted:
        raise  # somebody cancelled; the file is not to blame
    except DatabaseError as error:
        raise _unsplit(source, str(error).splitlines()[0]) from error
    part = Part(number, source, match, refused, learned)
    if not refused and not _has_rows(con, part):
        message = f"{source.name} has a header but no rows. Add the rows, then try again."
        raise CheckFailed([part.problem("no-rows", None, None, None, message)])
    return part


def _unsplit(source: Source, reason: str) -> CheckFailed:
    return fault(
        source.name,
        "file-error",
        f"The file {source.name} can't be split into rows and cells: {reason}. "
        "Open it in a spreadsheet, save it again as CSV UTF-8, and try again.",
    )


def _stage_checked(
    con: Connection, source: Source, match: Match, rules: Rules, number: int, terms: Terms
) -> tuple[Learned, tuple[tuple[int, str, str], ...]]:
    """Stage a file with the faults of its cells; returns how it was read, and the lines that are
    no rows. Its texts stay in the table `texts_<number>`.
    """
    parsed, rejects, texts = contract(match.dataset), f"rejects_{number}", f"texts_{number}"
    _keep_texts(con, source, texts, rejects, terms)
    listed = {
        item.name: {word.lower(): value for word, value in words.items()}
        for item in parsed.fields
        if item.vocabulary != "states" and (words := vocabulary(item, rules) or _truths(item))
    }
    table = TextTable(con, texts, source.header, match, parsed, source.name)
    learned = learn(table, listed, terms)
    con.execute(
        f"create temp table part_{number} as {staged(source, parsed, match, rules, learned, texts)}"
    )
    refused = con.execute(
        f"select distinct line, error_type, csv_line from {rejects} order by line"
    ).fetchall()
    return learned, tuple((line + source.above, *rest) for line, *rest in refused)


def _keep_texts(con: Connection, source: Source, texts: str, rejects: str, terms: Terms) -> None:
    """Keep a file's cells as text, and which of its rows are hidden and don't count."""
    con.execute(
        f"create temp table {texts} as"
        f" select *, false as is_hidden from {text_rows(source, rejects)}"
    )
    if terms.said.hidden == LEFT_OUT:
        con.execute(
            f"update {texts} set is_hidden = true where rowid in (select unnest($places))",
            {"places": source.places(terms.hidden_rows)},
        )


def _truths(item: Field) -> dict[str, str]:
    return BOOLEANS if item.type == "boolean" else {}


def count(con: Connection, part: Part) -> int:
    """Return the rows of one file that are data: those left out for a reason aside."""
    counted = "true" if part.plain else "reason is null"
    rows = con.execute(f"select count(*) from {part.table} where {counted}")
    (rows_counted,) = rows.fetchone() or (0,)
    return int(rows_counted)


def _has_rows(con: Connection, part: Part) -> bool:
    """Whether there is a row of data, or one that a column of the file leaves out."""
    none = " and ".join(f"reason is distinct from '{reason}'" for reason in REASONS)
    return bool(con.execute(f"select 1 from {part.table} where {none} limit 1").fetchone())


def faults(con: Connection, part: Part, rules: Rules) -> Iterator[Problem]:
    """Find what is wrong with lines, cells and pairs of cells of one file, and say how it is read.

    A word that is not on a list is one problem, however many rows have it.
    """
    if part.plain:
        return
    yield from _ragged(part)
    yield from remarks(con, part)
    names = [f"fault_{name}" for name in part.match.given]
    pairs = disorders(part.contract)
    tests = [f"({name} > 0{_not_a_word(part, name)})" for name in names]
    tests += [f"disorder_{number}" for number, *_ in pairs]
    flags = ", ".join([*names, *(f"disorder_{number}" for number, *_ in pairs)])
    sides = "".join(f", {lower}, {upper}" for _, lower, upper in pairs)
    rows = con.execute(
        f"""
        select rowid, {flags}{sides} from {part.table}
        where reason is null and ({" or ".join(tests)})
        order by rowid limit {MOST_ROWS}"""
    ).fetchall()
    texts = _texts(con, part, [row[0] for row in rows])
    for row in rows:
        yield from _cells(part, rules, row, texts[row[0]])
        yield from _pairs(part, row, 1 + len(names))
    for name in part.match.columns:
        yield from _words(con, part, rules, name)


def _not_a_word(part: Part, fault: str) -> str:
    """What leaves the faults of words aside: they are said once for each word."""
    code = _word_fault(part.contract.field(fault.removeprefix("fault_")))
    return f" and {fault} <> {FAULTS.index(code)}" if code else ""


def _word_fault(item: Field) -> str | None:
    """The fault of a cell that has a word which is not on the list, for a field with a list."""
    if item.type == "boolean":
        return "type-error"
    return "enum-error" if item.enum or item.vocabulary not in ("", "states") else None


def _words(con: Connection, part: Part, rules: Rules, name: str) -> Iterator[Problem]:
    """Ask once for each distinct word that is not on the field's list."""
    item = part.contract.field(name)
    code = _word_fault(item)
    if code is None:
        return
    is_wrong = f"p.reason is null and p.fault_{name} = {FAULTS.index(code)}"
    rows = con.execute(
        f"""
        select min(place), word, count(*)
        from ({part.written(part.match.columns[name], is_wrong)})
        group by word order by 1 limit {MOST_ROWS}"""
    ).fetchall()
    meanings = vocabulary(item, rules)
    offered = wording.listed_values(item, rules)
    for place, word, count in rows:
        row, likely = part.row(place), wording.suggestion(code, item, word, meanings)
        message = wording.word(code, item, row, word, offered, count, likely)
        yield replace(part.problem(code, row, name, word, message), suggestion=likely)


def _ragged(part: Part) -> Iterator[Problem]:
    """Say which lines are no rows; not what they hold where that may be a person's name."""
    expected = len(part.source.header)
    people = any(field.personal or field.contact for field in part.contract.fields)
    seen: set[int] = set()
    for line, error, text in part.refused:
        if line in seen:
            continue
        seen.add(line)
        text = (text or "").strip("\r\n")
        if line in part.notes:
            continue  # a blank line, or one that is no data: no row, but it counts
        cells = len(next(csv.reader([text], delimiter=part.source.delimiter), []))
        shown = "" if people else text
        code, message = wording.ragged(error, line, cells, expected, shown)
        yield part.problem(code, line, None, shown or None, message)


def _texts(con: Connection, part: Part, places: list[int]) -> dict[int, dict[str, str | None]]:
    """Return the cells of the rows at these places as the file has them."""
    if not places:
        return {}
    columns = part.match.columns
    cells = ", ".join(f"c{place}" for place in columns.values())
    rows = con.execute(
        f"select rowid, {cells} from {part.texts} where rowid in (select unnest($places))",
        {"places": places},
    ).fetchall()
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def _cells(
    part: Part, rules: Rules, row: tuple[Any, ...], texts: dict[str, str | None]
) -> Iterator[Problem]:
    number = part.row(row[0])
    for name, place in zip(part.match.given, row[1:], strict=False):
        field, code = part.contract.field(name), FAULTS[place]
        if not place or (code == _word_fault(field) and name in part.match.columns):
            continue
        value = wording.masked(code, texts.get(name, part.match.constants.get(name)))
        meanings = vocabulary(field, rules)
        offered = wording.listed_values(field, rules)
        message = wording.cell(code, field, number, value, offered)
        likely = wording.suggestion(code, field, value, meanings)
        yield replace(part.problem(code, number, name, value, message), suggestion=likely)


def _pairs(part: Part, row: tuple[Any, ...], start: int) -> Iterator[Problem]:
    orders = part.contract.orders
    flags, sides = row[start : start + len(orders)], row[start + len(orders) :]
    for place, (order, wrong) in enumerate(zip(orders, flags, strict=True)):
        if wrong:
            low, high = sides[2 * place : 2 * place + 2]
            code = "order" if order.severity == "error" else "order-warning"
            number = part.row(row[0])
            message = wording.disorder(part.contract, order.lower, order.upper, number, low, high)
            yield part.problem(code, number, order.upper, high, message)
