"""What is said of a version: when it was published and by whom, and what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from onemind.store import Version
from onemind.words import long_day

Row = Mapping[str, Any]
SAMPLE = (
    "**Sample campaign.** The places are real; the numbers are made up. Your first "
    "publish of real data replaces all of it."
)
STAFF = "staff"  # what partners are told instead of a person's name
TRAINING = ("sworn", "mhfa_trained", "cit_trained", "trained_low", "trained_high")
# Words for departments that reach a stage, most important first.
REACHED = {
    "completed": "completed",
    "awaiting_confirmation": "claimed completion",
    "in_progress": "now in progress",
    "due_soon": "now due soon",
    "overdue": "now overdue",
    "withdrawn": "withdrew",
    "not_pledged": "no longer pledged",
}


def published(version: Version, author: str) -> str:
    """Say which version it is, when it was published and by whom."""
    when = version.published_at.astimezone()
    return f"version {version.number}, published {long_day(when)} {when:%H:%M} by {author}"


def news(before: Iterable[Row], after: Iterable[Row], version: int) -> str:
    """Return one line on what changed in `progress`: "Version 12: 2 departments now overdue.".

    Both are as the viewer sees them, so the line mentions nothing the viewer can't see.
    """
    old = {row["department_id"]: row for row in before}
    new = {row["department_id"]: row for row in after}
    both = [(old[item], new[item]) for item in old.keys() & new.keys()]
    reached = Counter(b["stage"] for a, b in both if a["stage"] != b["stage"])
    trained = sum(any(a[name] != b[name] for name in TRAINING) for a, b in both)
    changes = [_departments(reached[stage], words) for stage, words in REACHED.items()]
    changes += [
        _departments(trained, "with new training numbers"),
        _departments(len(new.keys() - old.keys()), "added"),
        _departments(len(old.keys() - new.keys()), "removed"),
    ]
    words = ", ".join(filter(None, changes)) or "no changes to the departments in view"
    return f"Version {version}: {words}."


def _departments(count: int, words: str) -> str:
    return f"{count:,} department{'' if count == 1 else 's'} {words}" if count else ""
