"""The folder files are dropped into: which have settled, and where they go from there.

A file goes in one move, and its problem report is there before it: whenever the program is killed,
each file lies whole in exactly one place.
"""

from __future__ import annotations

import stat
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

from onemind import metrics
from onemind.errors import NotPossibleNow
from onemind.ingest import Problem, summary

DONE, FAILED = "done", "failed"
TEMPORARY = (".*", "~$*", "*.tmp", "*.part", "*.filepart", "*.crdownload", "thumbs.db")
PATIENCE = 10  # a settled file waits this many times `settle` for those still being copied
SHOWN = 20  # problems of a kind


@dataclass(frozen=True)
class Drop:
    """A file in the folder as it was when looked at; times in nanoseconds since 1970."""

    path: Path
    size: int
    modified: int
    arrived: int

    @property
    def name(self) -> str:
        """Its name, without the folder."""
        return self.path.name


class Inbox:
    """A folder, with done/ and failed/ in it; `settle` is in seconds."""

    def __init__(self, folder: Path, settle: float) -> None:
        self.folder, self.settle = folder, settle
        self.settling: list[Drop] = []
        self._since: dict[Drop, float] = {}

    def look(self, now: float) -> dict[Drop, float]:
        """Return the files that lie here, each with how long it has not changed.

        Raises NotPossibleNow when the folder can't be read.
        """
        try:
            drops = sorted(self._drops(), key=lambda drop: drop.path)
        except OSError as error:
            raise NotPossibleNow(
                f"The folder {self.folder} can't be read: {error.strerror}. "
                "Check that it exists and can be read."
            ) from error
        self._since = {drop: self._since.get(drop, now) for drop in drops}
        return {drop: now - since for drop, since in self._since.items()}

    def settled(self, now: float, patience: float = PATIENCE) -> list[Drop]:
        """Return the files that are no longer being copied.

        While others still are, they are held back `patience` times as long: what is copied in one
        go belongs together.
        """
        ages = self.look(now)
        self.settling = [drop for drop, age in ages.items() if age < self.settle]
        enough = self.settle * (patience if self.settling else 1)
        return [drop for drop, age in ages.items() if age >= enough]

    def _drops(self) -> Iterator[Drop]:
        for path in self.folder.iterdir():
            temporary = any(fnmatchcase(path.name.lower(), pattern) for pattern in TEMPORARY)
            if not temporary and _seen(path) and (drop := _seen(self._as_text(path))):
                yield drop

    def _as_text(self, path: Path) -> Path:
        """Rename a file whose name is no text, as it comes out of old zip programs."""
        name = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return path if name == path.name else path.rename(_free(self.folder / name))

    def finish(self, drop: Drop) -> Path | None:
        """Move a file to done/; None when it has changed or gone since it was looked at."""
        return self._move(drop, self._place(DONE, drop))

    def fail(self, drop: Drop, problems: Sequence[Problem]) -> Path | None:
        """Move a file to failed/, its problems beside it; None when it has changed or gone."""
        if _seen(drop.path) != drop:
            return None
        path = self._place(FAILED, drop)
        _report(path, drop.name, problems)
        return self._move(drop, path)

    def _move(self, drop: Drop, path: Path) -> Path | None:
        if _seen(drop.path) != drop:
            return None
        return drop.path.rename(path)

    def _place(self, where: str, drop: Drop) -> Path:
        (self.folder / where).mkdir(exist_ok=True)
        return _free(self.folder / where / drop.name)


def _free(path: Path) -> Path:
    """Return the path, numbered when it is taken: training.csv, training-2.csv."""
    if not path.exists():
        return path
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(other for other in numbered if not other.exists())


def _seen(path: Path) -> Drop | None:
    """Look at a file; None when it is gone, or none: a folder, a link."""
    try:
        known = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(known.st_mode):
        return None
    return Drop(path, known.st_size, known.st_mtime_ns, known.st_ctime_ns)


def _report(path: Path, name: str, problems: Sequence[Problem]) -> None:
    """Write NAME.problems.csv with every problem, and NAME.problems.txt for people."""
    rows = [problem.record() for problem in problems]
    table = metrics.export.to_csv(list(rows[0]), [list(row.values()) for row in rows])
    listed = path.with_name(f"{path.name}.problems.csv")
    listed.write_text(table, encoding="utf-8-sig", errors="replace", newline="")
    text = _in_words(name, problems)
    path.with_name(f"{path.name}.problems.txt").write_text(text, "utf-8", "replace")


def _in_words(name: str, problems: Sequence[Problem]) -> str:
    """Return the problems under a heading for each kind, errors first."""
    kinds: dict[str, list[Problem]] = defaultdict(list)
    for problem in sorted(problems, key=lambda item: item.severity):
        kinds[problem.heading].append(problem)
    lines = [
        f"{name} was not published. {summary(problems)}",
        "Correct it and put it in the folder again. The .problems.csv lists every problem.",
    ]
    for heading, listed in kinds.items():
        lines += [
            "",
            f"{heading} ({len(listed):,})",
            *(f"- {item.message}" for item in listed[:SHOWN]),
        ]
        if len(listed) > SHOWN:
            lines.append(f"- … and {len(listed) - SHOWN:,} more")
    return "\n".join(lines) + "\n"
