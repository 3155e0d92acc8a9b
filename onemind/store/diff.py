"""What a publish would change: the counts, the first rows, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

SHRINK_SHARE = 0.20


@dataclass(frozen=True)
class Change:
    """One row added, changed or removed: its key, and old and new values of what differs."""

    kind: str
    key: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Diff:
    """The difference of one dataset: row counts before and by kind, and the first changes."""

    dataset: str
    before: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def after(self) -> int:
        """Rows the dataset holds once this is published."""
        return self.before + self.added - self.removed

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.changed or self.removed)

    @property
    def shrinks(self) -> bool:
        """Whether more than 20% of the rows would be removed."""
        return self.before > 0 and self.removed > SHRINK_SHARE * self.before

    def counts(self) -> dict[str, int]:
        """Return added, changed and removed, as kept with the version."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed}

    def record(self) -> dict[str, Any]:
        """Return it as a plain dict for JSON."""
        return asdict(self) | {"after": self.after}


def sentence(diff: Diff) -> str:
    """Say one dataset's difference in words: "training: 12 added, 3 changed (60,015 rows)"."""
    if diff.empty:
        return f"{diff.dataset}: nothing changes ({diff.before:,} rows)"
    return f"{diff.dataset}: {tally(diff.counts())} ({diff.after:,} rows)"


def tally(counts: dict[str, int]) -> str:
    """Say counts by kind in words, leaving out what is none: "12 added, 3 changed"."""
    parts = [f"{count:,} {kind}" for kind, count in counts.items() if count]
    return ", ".join(parts) or "nothing changed"


def words(diffs: Iterable[Diff]) -> str:
    """Say several datasets' differences in one line."""
    return "; ".join(sentence(diff) for diff in diffs)
