"""The one-page brief as a PDF: of a campaign, or of one department.

What is in the data reaches Typst as JSON and is set as text, never read as markup. Only the fonts
inside Typst are used, and nothing is fetched.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from onemind.campaign import Filter
from onemind.documents.brief_campaign import campaign
from onemind.documents.brief_department import department
from onemind.drawing.palette import BORDER, GRID, INK
from onemind.errors import NotPossibleNow
from onemind.metrics import Source
from onemind.store import Version
from onemind.words import long_day

TEMPLATE = Path(__file__).parent / "brief.typ"


def brief(source: Source, chosen: Filter, today: date, department_id: str | None = None) -> bytes:
    """Return the brief of what the filter keeps, or of one department, as the bytes of a PDF.

    Raises NotPossibleNow while nothing is published, WrongUse when there is nothing such in sight.
    """
    version = source.version(chosen.version)
    if version is None:
        raise NotPossibleNow("Nothing is published yet. Publish data first, then ask for a brief.")
    as_of = chosen.as_of or today
    facts = (
        department(source, department_id, chosen, today)
        if department_id
        else campaign(source, chosen, today)
    )
    about = f"{source.rules.campaign} dashboard: {facts['subject']}"
    return pdf(facts | _frame(version, as_of, about))


def _frame(version: Version, as_of: date, about: str) -> dict[str, Any]:
    """What every brief says of itself: as of when, which version, whether made up, how to cite."""
    published = version.published_at.astimezone()
    stand = f"As of {long_day(as_of)} · version {version.number}, published {long_day(published)}"
    return {
        "stand": stand,
        "sample": "Sample campaign: made-up figures." if version.sample else "",
        "cite": f"{about}. Version {version.number} of {long_day(published)}, "
        f"as of {long_day(as_of)}." + (" Made-up figures." if version.sample else ""),
        "ink": INK[0],
        "grid": GRID[0],
        "border": BORDER[0],
        "published": int(version.published_at.timestamp()),
    }


def pdf(facts: dict[str, Any]) -> bytes:
    """Set facts with the template and return the PDF's bytes; the same facts give the same PDF."""
    made = typst.compile(
        TEMPLATE,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=facts["published"],
    )
    return bytes(made)
