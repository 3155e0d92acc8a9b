"""Whether a scope fits what is published: a value mistyped would share nothing, silently."""

from __future__ import annotations

from difflib import get_close_matches

from onemind.campaign import Scope
from onemind.errors import WrongUse
from onemind.store import Store

NOUNS = {"state": "state", "county": "county", "type": "type", "department_id": "department"}


def sound(store: Store, scope: Scope, version: int | None) -> None:
    """Raise WrongUse when a value of the scope is not among the departments, or none fits it."""
    chosen = scope.chosen()
    if not chosen:
        return
    rows = departments(store, version)
    for name, values in chosen.items():
        there = sorted({known for row in rows if (known := row[name])})
        for value in values:
            if value not in there:
                raise WrongUse(_unknown(NOUNS[name], value, there))
    if not any(all(row[name] in values for name, values in chosen.items()) for row in rows):
        raise WrongUse(f"No department is in {scope.words()}: the link would show nothing.")


def departments(store: Store, version: int | None = None) -> list[dict[str, str | None]]:
    """Return what a scope can choose by, of every department, with its name."""
    columns = (*NOUNS, "name")
    with store.reading(version, ["departments"]) as con:
        rows = con.execute(f"select {', '.join(columns)} from departments order by name").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _unknown(noun: str, value: str, there: list[str]) -> str:
    near = get_close_matches(value, there, 1, 0.6) or [
        item for item in there if item.lower() == value.lower()
    ]
    if near:
        hint = f" Did you mean '{near[0]}'?"
    else:
        hint = f" There are: {', '.join(there[:10])}{', …' if len(there) > 10 else ''}."
    return (
        f"No department is in the {noun} '{value}'.{hint}"
        if noun != "department"
        else (f"There is no department '{value}'.{hint}")
    )
