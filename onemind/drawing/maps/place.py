"""Where on the map a reader is: the nation, a state or a county, and what is drawn there."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from onemind.campaign import Scope
from onemind.geography import NATION, Atlas, Index, county_name, known_county, state_name

BEYOND = frozenset({"AS", "GU", "MP", "PR", "VI"})  # not on a map by Albers of the United States
POLICE = (" police department", " police dept", " police", " pd")


@dataclass(frozen=True)
class Place:
    """The nation (no state), a state, or a county of it; `level` is what its areas are."""

    state: str | None = None
    county: str | None = None
    level: str = "state"

    @property
    def name(self) -> str:
        """What it is called."""
        if self.county:
            return county_name(self.county, self.state or "")
        return state_name(self.state) if self.state else "United States"

    @property
    def owner(self) -> str:
        """Whose outlines are drawn: a state's, or the nation's."""
        return self.state if self.state and self.level != "state" else NATION


def counties(progress: pd.DataFrame, state: str) -> pd.Series[str]:
    """Return the county of each department as we name it, or as it is written."""
    written = progress["county"]
    names = {text: known_county(text, state) or text for text in written.dropna().unique()}
    return written.map(names)


def town_of(row: pd.Series, index: Index) -> str | None:
    """Return the id of the town whose own department this is, by its municipality.

    A department that gives none is taken by its name alone, where the name is a town's and nothing
    more ("Lee Police Department").
    """
    if row["type"] != "municipal":
        return None
    county = row["county"] if isinstance(row["county"], str) else None
    if isinstance(row["municipality"], str) and row["municipality"]:
        return index.find(row["municipality"], county)
    name = str(row["name"])
    ending = next((text for text in POLICE if name.lower().endswith(text)), None)
    return index.find(name[: -len(ending)], county) if ending else None


def towns(progress: pd.DataFrame, atlas: Atlas, state: str) -> pd.Series[str]:
    """Return for each department the id of the town it is the own department of, or None."""
    index = atlas.index("municipality", state)
    names = [town_of(row, index) for _, row in progress.iterrows()]
    return pd.Series(names, index=progress.index, dtype=object)


def may_say_none(scope: Scope, state: str, county: str) -> bool:
    """Whether a viewer of this scope would see a town's own department if there were one."""
    if scope.type or scope.department_id:
        return False
    inside = not scope.state or state in scope.state
    seen = {known_county(name, state) or name for name in scope.county}
    return inside and (not seen or county in seen)
