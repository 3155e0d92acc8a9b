"""Putting ids in the place of department names in staged tables; what stays open is a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from onemind.ingest.matching import HINTS, Department, NameMatch, Roster, WrittenName
from onemind.ingest.problem import Problem
from onemind.ingest.staging import arrow
from onemind.ingest.staging.part import Part, leave_out
from onemind.store import Connection

MOST_SUGGESTED = 200
MOST_ROWS = 10_000


def roster(con: Connection, departments: str, decided: Mapping[str, str]) -> Roster:
    """Return the departments of a SELECT, with what was decided of names and other town names."""
    rows = con.execute(
        f"""
        select department_id, coalesce(name, ''), coalesce(municipality, ''), coalesce(county, ''),
            coalesce(state, '')
        from ({departments})"""
    ).fetchall()
    towns = con.execute(
        """
        select state, lower(unnest(string_split(aliases, '|'))), municipality from places
        where aliases <> ''"""
    ).fetchall()
    others = {(state, other): town for state, other, town in towns}
    return Roster((Department(*row) for row in rows), decided, others)


def names(
    con: Connection, part: Part, departments: str, roster_of: Callable[[], Roster]
) -> Iterator[Problem]:
    """Read names as ids in one staged table; yields what was read as what, and what is open.

    `departments` selects the ids there are; the roster is made only if others are met.
    """
    ids: dict[int, str] = {}  # place -> the department it means
    for nth, (spelled, places) in enumerate(_unknown(con, part, departments)):
        known = roster_of()
        match = known.find(spelled, suggest=nth < MOST_SUGGESTED)
        if match.id:
            ids |= dict.fromkeys(places, match.id)
            yield _read_as(part, spelled, places, known.by_id[match.id])
        else:
            leave_out(con, [(part.number, place) for place in places])
            yield from _open(part, spelled, places, match)
    if ids:
        _replace(con, part, ids)


def _unknown(con: Connection, part: Part, departments: str) -> list[tuple[WrittenName, list[int]]]:
    hints = [f"hint_{name}" if name in part.match.hints else "null" for name in HINTS]
    rows = con.execute(
        f"""
        select department_id, {", ".join(f"coalesce({hint}, '')" for hint in hints)},
            list(rowid order by rowid)
        from {part.table}
        where {part.clean(["department_id"])} and department_id is not null
            and department_id not in (select department_id from ({departments}))
        group by all order by min(rowid)"""
    ).fetchall()
    return [(WrittenName(*row[:-1]), row[-1]) for row in rows]


def _replace(con: Connection, part: Part, ids: Mapping[int, str]) -> None:
    """Put ids in the place of names, all at once: each update reads the whole table."""
    arrow.settle(con, part.table)
    con.execute(
        f"""
        update {part.table} set department_id = found.id
        from (select unnest($places) as place, unnest($ids) as id) found
        where {part.table}.rowid = found.place""",
        {"places": list(ids), "ids": list(ids.values())},
    )


def _read_as(
    part: Part, spelled: WrittenName, places: list[int], department: Department
) -> Problem:
    row = part.row(places[0])
    more = f" (and {len(places) - 1:,} more rows)" if len(places) > 1 else ""
    message = f"Row {row}{more}: '{spelled.name}' is read as {department.name} ({department.id})."
    return part.problem("read-as", row, "department_id", spelled.name, message)


def _open(
    part: Part, spelled: WrittenName, places: list[int], match: NameMatch
) -> Iterator[Problem]:
    code = "ambiguous-name" if match.candidates else "foreign-key"
    likely = match.suggestion.id if match.suggestion else None
    for place in places[:MOST_ROWS]:
        row = part.row(place)
        problem = part.problem(
            code, row, "department_id", spelled.name, _asked(row, spelled, match)
        )
        yield replace(problem, suggestion=likely)


def _asked(row: int, spelled: WrittenName, match: NameMatch) -> str:
    if match.candidates:
        shown = ", ".join(
            f"{item.name} in {item.county} ({item.id})" for item in match.candidates[:5]
        )
        more = f" and {len(match.candidates) - 5} more" if len(match.candidates) > 5 else ""
        return (
            f"Row {row}: '{spelled.name}' fits {len(match.candidates)} departments: {shown}{more}. "
            "Write the department_id, or add columns for town, county and state."
        )
    start = f"Row {row}, 'department_id' has '{spelled.name}', which is not in departments."
    if match.suggestion:
        return (
            f"{start} Is it {match.suggestion.name} ({match.suggestion.id})? Say so, or correct it."
        )
    return f"{start} Correct it, or include a departments file that has it."
