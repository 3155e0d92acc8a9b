"""Publishing what is dropped into a folder: sound files end in done/, faulty ones in failed/.

Safe to kill at any moment, for what was done stands in the versions alone. A file that has lain in
the folder since before a version that lists its sha256 is the drop that version was made of: it
goes to done/, whatever was published since. Moved or copied in again after that version (both set a
file's change time), it is a new drop: after a restore it is published anew, and where all of it is
there already the publish itself says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from onemind import ingest
from onemind.errors import NothingChanged, NotPossibleNow, OneMindError
from onemind.ingest import CheckFailed, Problem, errors, summary
from onemind.publishing import options, publisher
from onemind.publishing.inbox import Drop, Inbox
from onemind.store import Store, Version

PUBLISHED, UNCHANGED, FAILED = "published", "unchanged", "failed"
WAITING, SETTLING = "waiting", "settling"
NAMED = 5  # files, in a version's message


@dataclass(frozen=True)
class Outcome:
    """What became of a file: published, unchanged, failed; or waiting, or settling, in its place.

    `version` is the one that holds it, `moved_to` where it lies now.
    """

    file: str
    became: str
    message: str
    version: int | None = None
    moved_to: str | None = None


@dataclass
class Watch:
    """An inbox and the store it feeds; `stopping` is asked between files, `reading_name` names the
    reading of all of them where it is not the one remembered for their headers.
    """

    store: Store
    inbox: Inbox
    author: str
    mode: str = "update"
    today: Callable[[], date] = date.today
    stopping: Callable[[], bool] = lambda: False
    waiting: list[list[Path]] = field(default_factory=list)
    reading_name: str = ""

    def run(
        self,
        every: float,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        report: Callable[[Outcome], None],
    ) -> None:
        """Sweep until asked to stop; what waits on for the same reason is reported once."""
        reported: set[Outcome] = set()
        while not self.stopping():
            waiting = set()
            for outcome in self.sweep(clock()):
                if outcome.became == WAITING:
                    waiting.add(outcome)
                if outcome not in reported:
                    report(outcome)
            reported = reported | waiting if self.inbox.settling else waiting
            sleep(min(every, self.inbox.settle) if self.inbox.settling else every)

    def once(self, sleep: Callable[[float], object]) -> Iterator[Outcome]:
        """Take what lies in the folder and is not being copied.

        Raises NotPossibleNow when the folder can't be read.
        """
        if self.inbox.look(0):
            sleep(self.inbox.settle)
        ready = self.inbox.settled(self.inbox.settle, patience=1)
        settling = self.inbox.settling
        yield from self._take_each([ready])
        for drop in settling:
            message = f"{drop.name} is still being copied and will be read next time."
            yield Outcome(drop.name, SETTLING, message)

    def sweep(self, now: float) -> Iterator[Outcome]:
        """Take the files that have settled: those that came together, together."""
        try:
            left = {drop.path: drop for drop in self.inbox.settled(now)}
        except NotPossibleNow as error:
            yield Outcome(str(self.inbox.folder), WAITING, str(error))
            return
        groups = []
        for paths in self.waiting:
            groups.append([left.pop(path) for path in paths if path in left])
        held = [paths for paths, group in zip(self.waiting, groups, strict=True) if not group]
        self.waiting = [paths for paths in held if any(path.exists() for path in paths)]
        yield from self._take_each([*groups, list(left.values())])

    def _take_each(self, groups: list[list[Drop]]) -> Iterator[Outcome]:
        """Take each group; one that can't be taken now waits, and does not hold up the next.

        That is so whatever the reason, a fault of ours too: one file must not end the watch.
        """
        for group in groups:
            try:
                yield from self._take(group)
            except Exception as error:
                why = error if isinstance(error, OneMindError) else f"({error!r})"
                left = [drop for drop in group if drop.path.exists()]
                self.waiting.append([drop.path for drop in left])
                for drop in left:
                    message = f"{drop.name} stays in the folder and will be tried again. {why}"
                    yield Outcome(drop.name, WAITING, message)

    def _take(self, group: list[Drop]) -> Iterator[Outcome]:
        fresh: dict[str, Drop] = {}
        twins: list[Drop] = []
        for drop in group:
            sha256 = _sha256(drop.path)
            if version := self._made_of(drop, sha256):
                yield self._finish(drop, UNCHANGED, version, f"is in version {version} already.")
            elif sha256 in fresh:
                twins.append(drop)
            else:
                fresh[sha256] = drop
        yield from self._publish(list(fresh.values()))
        if twins and not self.stopping():
            yield from self._take(twins)

    def _made_of(self, drop: Drop, sha256: str) -> int | None:
        """Return the version made of this drop, if there is one."""
        for version in reversed(self.store.versions()):
            lay_here = drop.arrived <= version.published_at.timestamp() * 1e9
            let_in = self.mode in ("update", version.mode)
            made_of = (*version.files, *version.originals)  # an archive is known as it came
            if lay_here and let_in and any(sha256 in file.values() for file in made_of):
                return version.number
        return None

    def _publish(self, group: list[Drop]) -> Iterator[Outcome]:
        """Publish files as one version; those with errors fail, and the rest is tried again."""
        while group and not self.stopping():
            try:
                version, made = self._publish_all(group)
            except CheckFailed as error:
                shares = _shares(group, error.problems)
                group = [drop for drop in group if not errors(shares[drop])]
                faulty = [drop for drop in shares if drop not in group]
                yield from (self._fail(drop, shares[drop]) for drop in faulty)
                continue
            except NothingChanged as same:
                number, what, shares = same.current, UNCHANGED, _shares(group, ())
                message = f"is in version {number} already."
            else:
                number, what, shares = version.number, PUBLISHED, _shares(group, made.problems)
                message = f"was published as version {number}."
            for drop, found in shares.items():
                warned = f" {summary(found)}" if found else ""
                yield self._finish(drop, what, number, message + warned)
            return

    def _publish_all(self, group: list[Drop]) -> tuple[Version, options.Draft]:
        names = [drop.name for drop in group]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return publisher.publish(
            self.store,
            [ingest.Upload(drop.path, drop.name) for drop in group],
            options.Options(today=self.today(), mode=self.mode, reading_name=self.reading_name),
            self.author,
            f"Watched folder: {', '.join(names[:NAMED])}{more}",
        )

    def _finish(self, drop: Drop, became: str, version: int, what: str) -> Outcome:
        return _moved(lambda: self.inbox.finish(drop), drop, became, what, version)

    def _fail(self, drop: Drop, problems: Sequence[Problem]) -> Outcome:
        what = f"was not published. {summary(problems)}"
        return _moved(lambda: self.inbox.fail(drop, problems), drop, FAILED, what)


def _moved(
    move: Callable[[], Path | None], drop: Drop, became: str, what: str, version: int | None = None
) -> Outcome:
    """Move a file; one that can't be moved, or changed meanwhile, waits for the next look."""
    message = f"{drop.name} {what}"
    try:
        path = move()
    except OSError as error:
        message += f" It can't be moved: {error.strerror}. Check the folder's permissions and disk."
        return Outcome(drop.name, WAITING, message, version)
    if path is None:
        message += " It changed or disappeared in the meantime. The folder will be checked again."
        return Outcome(drop.name, WAITING, message, version)
    return Outcome(drop.name, became, message, version, str(path))


def _shares(group: list[Drop], problems: Sequence[Problem]) -> dict[Drop, list[Problem]]:
    """Return each file's problems: "book.xlsx: May" is of book.xlsx, and what is of none of all."""
    shares: dict[Drop, list[Problem]] = {drop: [] for drop in group}
    for problem in problems:
        owners = [drop for drop in group if problem.file.startswith(drop.name)]
        closest = max((len(drop.name) for drop in owners), default=0)
        for drop in [drop for drop in owners if len(drop.name) == closest] or group:
            shares[drop].append(problem)
    return shares


def _sha256(path: Path) -> str:
    """Return a file's fingerprint; its path where it can't be read, which the check will say."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return str(path)
