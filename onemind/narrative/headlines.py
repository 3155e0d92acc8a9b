"""What a new version changed, said in a line to whoever had the one before on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
TRAINING = ("sworn", "mhfa_trained", "cit_trained", "trained_low", "trained_high")
# Said of departments that come to a stage, in the order of what matters.
REACHED = {
    "completed": "completed",
    "awaiting_confirmation": "claimed completion",
    "in_progress": "now in progress",
    "due_soon": "now due soon",
    "overdue": "now overdue",
    "withdrawn": "withdrew",
    "not_pledged": "no longer pledged",
}


def news(before: Iterable[Row], after: Iterable[Row], version: int) -> str:
    """Say what differs between two versions of `progress`, as "Version 12: 2 departments overdue".

    Both are as the viewer sees them, so nothing is said of what he does not see.
    """
    old = {row["department_id"]: row for row in before}
    new = {row["department_id"]: row for row in after}
    both = [(old[item], new[item]) for item in old.keys() & new.keys()]
    reached = Counter(b["stage"] for a, b in both if a["stage"] != b["stage"])
    trained = sum(any(a[name] != b[name] for name in TRAINING) for a, b in both)
    said = [_departments(reached[stage], words) for stage, words in REACHED.items()]
    said += [
        _departments(trained, "with new training numbers"),
        _departments(len(new.keys() - old.keys()), "added"),
        _departments(len(old.keys() - new.keys()), "removed"),
    ]
    changes = ", ".join(filter(None, said)) or "no department in view stands elsewhere"
    return f"Version {version}: {changes}."


def _departments(count: int, words: str) -> str:
    return f"{count:,} department{'' if count == 1 else 's'} {words}" if count else ""
