"""The cities and towns that departments published name, for outlines to be matched with."""

from __future__ import annotations

from onemind.geography.add import Town
from onemind.metrics.numbers import Source


def towns(store: Source, state: str) -> list[Town]:
    """Return the municipalities of a state's own departments with their counties."""
    with store.reading(None, ["departments"]) as con:
        return con.execute(
            """
            select distinct municipality, county
            from departments
            where state = $state and municipality is not null and type = 'municipal'
            order by municipality, county""",
            {"state": state},
        ).fetchall()


def states(store: Source) -> list[str]:
    """Return the states of departments published, the one with most departments first."""
    with store.reading(None, ["departments"]) as con:
        rows = con.execute(
            "select state from departments group by state order by count(*) desc, state"
        ).fetchall()
    return [row[0] for row in rows]
