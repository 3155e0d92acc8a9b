"""The table of all departments: searched, put in the order of need, shaped for reading."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from onemind.campaign import PRACTICES, SOURCES, STAGES
from onemind.drawing.palette import STATUS_SIGNS
from onemind.drawing.tables.overview import MARKS
from onemind.drawing.tables.shares import of_sworn
from onemind.narrative import Concern

# The order of the table: who is late first, who has not begun last.
URGENCY = (
    "overdue", "due_soon", "awaiting_confirmation", "in_progress", "completed", "withdrawn",
    "not_pledged",
)  # fmt: skip
LONG = 42  # letters that a name has room for
SEARCHED = ("name", "municipality", "county", "department_id")


def searched(progress: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the departments whose name, town, county or id hold every word of the text."""
    if not text.strip():
        return progress
    columns = [progress[name].fillna("").astype(str) for name in SEARCHED]
    all_of = columns[0].str.cat(pd.concat(columns[1:], axis="columns"), sep=" ").str.casefold()
    for word in text.casefold().split():
        progress = progress[all_of.loc[progress.index].str.contains(word, regex=False)]
    return progress


def ordered(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the departments by stage, most urgent first; within it by deadline, then by name."""
    rank = progress["stage"].map({stage: place for place, stage in enumerate(URGENCY)})
    keys = progress.assign(rank=rank, due=pd.to_datetime(progress["deadline_on"]))
    return progress.loc[keys.sort_values(["rank", "due", "name"], na_position="last").index]


def wide(progress: pd.DataFrame) -> pd.DataFrame:
    """Return a row a department for a wide screen: place, stage, deadline, practices, training."""
    several = progress["state"].nunique() > 1
    return pd.DataFrame(
        {
            "department_id": progress["department_id"],
            "Department": progress["name"].map(fitting),
            **({"State": progress["state"]} if several else {}),
            "County": progress["county"],
            "Stage": _chips(progress["stage"].map(STAGES)),
            "Deadline": pd.to_datetime(progress["deadline_on"]),
            **{label: _chips(progress[name].map(MARKS)) for name, label in PRACTICES.items()},
            "Sworn": progress["sworn"].astype("Int64"),
            "MHFA trained": of_sworn(progress, "mhfa_trained").astype("Int64"),
            "CIT trained": of_sworn(progress, "cit_trained").astype("Int64"),
            "Counts": progress["check_counts"].map({True: "⚠ Check", False: ""}),
            "Source": progress["source"].map(SOURCES),
            "Reported": pd.to_datetime(progress["reported_on"]),
        }
    )


def narrow(progress: pd.DataFrame) -> pd.DataFrame:
    """Return a row a department for a phone: name, stage, and the four practices as signs."""
    signs = pd.DataFrame({name: progress[name].map(STATUS_SIGNS) for name in PRACTICES})
    return pd.DataFrame(
        {
            "department_id": progress["department_id"],
            "Department": progress["name"],
            "Stage": progress["stage"].map(STAGES),
            "Practices": signs["partnership"].str.cat(signs.drop(columns="partnership"), sep=" "),
        }
    )


def fitting(name: str) -> str:
    """Return a name as there is room for it: what is left out of a long one is seen to be."""
    if len(name) > LONG:
        name = name.replace("Police Department", "PD")
    return name if len(name) <= LONG else f"{name[: LONG - 1].rstrip()}…"


def of_concerns(progress: pd.DataFrame, concerns: Sequence[Concern]) -> pd.DataFrame:
    """Return the departments that these concerns are about, in their order."""
    places = {item.department_id: place for place, item in enumerate(concerns)}
    rows = progress[progress["department_id"].isin(list(places))]
    return rows.loc[rows["department_id"].map(places).sort_values().index]


def with_reasons(table: pd.DataFrame, concerns: Sequence[Concern]) -> pd.DataFrame:
    """Return a table of departments with why each needs attention beside its name."""
    whys = {
        item.department_id: ", ".join(part for part in (item.reason, item.dated) if part)
        for item in concerns
    }
    table = table.copy(deep=False)
    table.insert(2, "Why", table["department_id"].map(whys))
    return table


def _chips(words: pd.Series[str]) -> pd.Series[list[str]]:
    """Each value as a list of one, which is how a table draws a colored label."""
    return words.map(lambda word: [word])
