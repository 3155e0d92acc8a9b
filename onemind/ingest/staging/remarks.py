"""What is said of how a table was read: dates, words, and the rows that were left out.

Nothing is read otherwise than it stands, or left out, without a sentence here. Each is said once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onemind.ingest.problem import Problem
from onemind.ingest.readings import DAY_FIRST, LEFT_OUT, spoken
from onemind.ingest.readings.dates import Proof
from onemind.ingest.readings.rows import RowRule
from onemind.ingest.staging.part import Part
from onemind.store import Connection, quoted
from onemind.words import counted, some

KIND = {
    "header": "repeats the header",
    "filler": "is no data",
}


def remarks(con: Connection, part: Part) -> Iterator[Problem]:
    """Say how one table was read, and what of it was left out."""
    yield from _dates(part)
    yield from _words(con, part)
    for number, rule in enumerate(part.learned.rules):
        yield from _rule(con, part, number, rule)
    yield from _hidden(con, part)
    yield from _filler(con, part)
    yield from _totals(con, part)


def _dates(part: Part) -> Iterator[Problem]:
    for name, proof in part.learned.proofs.items():
        said = part.learned.said.order(name)
        day_first = part.learned.reading.order(name) == DAY_FIRST
        if proof.is_both and not said:
            yield _both(part, name, proof)
        elif proof.unclear and (not proof.order or day_first):
            yield _order(part, name, proof, said is not None, day_first)


def _order(part: Part, name: str, proof: Proof, is_said: bool, day_first: bool) -> Problem:
    """Say in which order a column is read that could be read otherwise, and why."""
    place, cell = proof.unclear or (0, "")
    order = "day first" if day_first else "month first"
    if proof.day_first and proof.order:
        at, proven = proof.day_first
        why = f"{proven} in row {part.row(at)} proves it"
    elif is_said:
        why = "as somebody said of this kind of file"
    else:
        others = [item for item in part.learned.proofs.values() if item.order]
        why = "as the other dates are" if others else "nothing in the column says which it is"
        why += f" ({counted(proof.unclear_count, 'cell')} such as {cell}). If that is wrong, say so"
    message = f"'{name}' is read {order} throughout: {why}."
    return part.problem("date-form", part.row(place), name, cell, message)


def _both(part: Part, name: str, proof: Proof) -> Problem:
    (one, day_first), (other, month_first) = (
        cell or (0, "") for cell in (proof.day_first, proof.month_first)
    )
    message = (
        f"'{name}' has {day_first} in row {part.row(one)}, which has the day first, and "
        f"{month_first} in row {part.row(other)}, which has the month first. "
        "It isn't clear how to read the others: write all dates one way."
    )
    return part.problem("date-order", None, name, day_first, message)


def _words(con: Connection, part: Part) -> Iterator[Problem]:
    """Say once for each word that is not on its list, but is read as one that is."""
    for name, place in part.match.columns.items():
        meanings = part.learned.words(name)
        if not meanings:
            continue
        rows = con.execute(
            f"""
            select lower(word), min(word), min(place), count(*) from ({part.written(place)})
            where lower(word) in (select unnest($words)) group by 1 order by 3""",
            {"words": list(meanings)},
        ).fetchall()
        for key, word, first, count in rows:
            message = f"{word}, {counted(count, 'row')}, is read as {spoken(meanings[key])}."
            yield part.problem("word-read", part.row(first), name, word, message)


def _rule(con: Connection, part: Part, number: int, rule: RowRule) -> Iterator[Problem]:
    """Say which rows a column leaves out, and ask about its words that are not known."""
    if not rule.decides:
        return
    of_rows = f"p.reason is null or p.reason = '{number}'"
    found = con.execute(
        f"""
        select lower(coalesce(word, '')), any_value(word), min(place), count(*),
            coalesce(bool_or(reason = '{number}'), false)
        from ({part.written(rule.place, of_rows)}) group by 1 order by 3"""
    ).fetchall()
    below = [row for row in found if row[4] and row[0] not in rule.out]
    for key, shown, place, count, out in found:
        named = f"'{shown}'" if shown else "a blank cell"
        if out and key in rule.out:
            message = f"{counted(count, 'row')} left out: '{rule.header}' has {named}."
            yield part.problem("left-out", part.row(place), rule.header, shown or "", message)
        elif key in rule.unclear:
            yield _asked(part, rule, named, shown or "", place, count)
    yield from _scores(part, rule, below)


def _asked(part: Part, rule: RowRule, named: str, shown: str, place: int, count: int) -> Problem:
    row = part.row(place)
    message = (
        f"'{rule.header}' has {named} in {counted(count, 'row')}, the first is {row}. "
        "It isn't clear whether such a row counts: say yes or no."
    )
    return part.problem("row-word", row, rule.header, shown, message)


def _scores(part: Part, rule: RowRule, below: list[tuple[Any, ...]]) -> Iterator[Problem]:
    """Ask for the lowest score that counts, or say how many rows are below it."""
    if below:
        count, first = sum(row[3] for row in below), min(row[2] for row in below)
        message = f"{counted(count, 'row')} left out: '{rule.header}' is below {rule.at_least:g}."
        yield part.problem("left-out", part.row(first), rule.header, None, message)
    if rule.scores and rule.at_least is None:
        lowest, highest = rule.scores
        message = (
            f"'{rule.header}' has scores from {lowest} to {highest}. "
            "Say which is the lowest that counts, or that all rows count."
        )
        yield part.problem("row-word", None, rule.header, None, message)


def _hidden(con: Connection, part: Part) -> Iterator[Problem]:
    """Say whether rows that the workbook hides are read, and ask where nobody said."""
    learned = part.learned
    (count, place) = con.execute(
        f"""
        select count(*), min(rowid) from {part.table}
        where (reason is null or reason = 'hidden') and rowid in (select unnest($places))""",
        {"places": part.source.places(learned.hidden_rows)},
    ).fetchone() or (0, None)
    if not count:
        return
    rows, row = counted(count, "row"), part.row(place)
    if not learned.said.hidden:
        message = (
            f"The workbook hides {rows} of this sheet, the first is {row}. "
            "Say whether hidden rows count, or unhide them and upload it again."
        )
        yield part.problem("hidden-rows", None, None, None, message)
    elif learned.said.hidden == LEFT_OUT:
        message = f"{rows} left out: hidden in the workbook."
        yield part.problem("left-out", row, None, None, message)


def _filler(con: Connection, part: Part) -> Iterator[Problem]:
    rows = con.execute(
        f"""
        select p.rowid, p.reason from {part.table} p
        where p.reason in ({", ".join(map(quoted, KIND))}) order by p.rowid"""
    ).fetchall()
    lines = {part.row(place): KIND[reason] for place, reason in rows}
    lines |= {
        line: KIND["filler"] for line, _, text in part.refused
        if line in part.notes and (text or "").strip()
    }  # fmt: skip
    if not lines:
        return
    shown = some(map(str, sorted(lines)))
    what = " or ".join(sorted(set(lines.values()), reverse=True))
    start = f"Row {shown} {what}" if len(lines) == 1 else f"Rows {shown}: each {what}"
    message = f"{start}, and is left out."
    yield part.problem("filler", min(lines), None, None, message)


def _totals(con: Connection, part: Part) -> Iterator[Problem]:
    places = con.execute(
        f"select rowid from {part.table} where reason = 'totals' order by rowid"
    ).fetchall()
    for (place,) in places:
        row = part.row(place)
        message = f"Row {row} is a row of totals and is left out."
        yield part.problem("totals-row", row, None, None, message)
