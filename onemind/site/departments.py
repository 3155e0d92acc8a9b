"""The list of departments: a table that reads without a script and is filtered with one; and the
index that every page is searched by.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import pandas as pd

from onemind import narrative
from onemind.campaign import CONCERNS, STAGES
from onemind.drawing import tables
from onemind.metrics import MetricName
from onemind.site import figures, frame, overview, pages
from onemind.site.edition import Edition
from onemind.words import counted

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
OF_SWORN = ("MHFA trained", "CIT trained")
DEFINED = (
    MetricName.SWORN, MetricName.MHFA_TRAINED, MetricName.CIT_TRAINED, MetricName.PARTNERSHIPS,
    MetricName.POLICIES,
)  # fmt: skip


def paths(edition: Edition) -> dict[str, str]:
    """Return the file of each department's own page, by its id; none where there are no such pages.

    An id that a file can't be named after, or that differs from another by case alone, is hashed.
    """
    if not edition.has_departments:
        return {}
    ids = [str(item) for item in edition.progress["department_id"]]
    alike = Counter(item.lower() for item in ids)
    return {item: f"departments/{_name(item, alike[item.lower()])}.html" for item in ids}


def _name(department_id: str, alike: int) -> str:
    if alike == 1 and PLAIN.fullmatch(department_id):
        return department_id
    return f"id-{hashlib.sha256(department_id.encode()).hexdigest()[:16]}"


def page(edition: Edition, path: str, links: dict[str, str]) -> bytes:
    """Return the page that lists all departments, most urgent first."""
    rows = tables.departments.ordered(edition.progress)
    reasons = {item.department_id: item for item in overview.concerned(edition)}
    shown = tables.departments.wide(rows).assign(Department=rows["name"])
    marks = [
        {"stage": stage, "county": county or "", "reason": _reason(reasons.get(name))}
        for name, stage, county in zip(
            rows["department_id"], rows["stage"], rows["county"].fillna(""), strict=True
        )
    ]
    table = pages.table(
        shown, "Departments, most urgent first",
        [links.get(name, "") for name in rows["department_id"]], OF_SWORN, marks,
    )  # fmt: skip
    return frame.framed(
        edition, "departments.html", path, "Departments", "Departments",
        published=frame.published(edition), table=table, count=counted(len(rows), "department"),
        legend=tables.overview.legend(), choices=_choices(rows, marks),
        definitions=frame.definitions(*DEFINED),
    )  # fmt: skip


def _reason(concern: narrative.Concern | None) -> str:
    return concern.kind if concern else ""


def _choices(
    rows: pd.DataFrame, marks: list[dict[str, str]]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters: name, label, and the values there are with their labels."""
    stages = [(name, label) for name, label in STAGES.items() if name in set(rows["stage"])]
    counties = [(name, name) for name in sorted(rows["county"].dropna().unique())]
    found = {mark["reason"] for mark in marks}
    reasons = [(name, title) for name, (title, _) in CONCERNS.items() if name in found]
    return [
        ("stage", "Stage", stages), ("county", "County", counties),
        ("reason", "Needs attention", reasons),
    ]  # fmt: skip


def index(edition: Edition, links: dict[str, str]) -> bytes:
    """Return the script with each department's id, name, place and file."""
    columns = ("department_id", "name", "municipality", "county", "state")
    rows = edition.progress[list(columns)]
    known = rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None)
    listed = [
        [row[0], row[1], narrative.place(dict(zip(columns, row, strict=True))), links[row[0]]]
        for row in known
    ]
    return f"onemind.index({figures.script_json(listed)});\n".encode()
