"""Copying versions, files and state into another store; what is there already is not copied again.

So a copy that was interrupted goes on where it ended, and versions that are published meanwhile
come along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from onemind.appdb import AppDatabase
from onemind.errors import NotPossibleNow, WrongUse
from onemind.files import files_of
from onemind.migration.prove import differences
from onemind.store import Store
from onemind.store.moving import copy_version

ORIGINALS, OUTLINES, WAITING = "originals", "boundaries", "staged"
KINDS, GEOJSON = (ORIGINALS, OUTLINES, WAITING), "*.geojson"


@dataclass(frozen=True)
class Moved:
    """How many versions, files and rows of state are in the target, all proven."""

    versions: int
    files: int
    rows: int


def move(source: Store, target: Store, say: Callable[[str], None]) -> Moved:
    """Copy all of `source` into `target`, compare every number, and return how much there is.

    Raises WrongUse where the target holds something else, and NotPossibleNow where any number
    differs in the end.
    """
    done = copy(source, target, say)
    if found := list(differences(source, target, say)):
        raise NotPossibleNow(
            f"The copy differs: {found[0]} Nothing of the old store was changed. "
            "Remove the copy and try again."
        )
    return done


def copy(
    source: Store, target: Store, say: Callable[[str], None], kinds: Sequence[str] = KINDS
) -> Moved:
    """Copy what `target` lacks of `source`; returns how much there is, not proven.

    `kinds` are the kinds of files that come along.

    Raises WrongUse where the target holds something else.
    """
    _refuse_another(source, target)
    while (done := len(target.versions())) < len(versions := source.versions()):
        say(f"Copying version {versions[done].number} of {len(versions)}")
        copy_version(source, target, versions[done], versions[done - 1] if done else None)
    files = sum(_copied(source, target, kind, say) for kind in kinds)
    say("Copying people, links, readings and the log")
    with (
        closing(AppDatabase(source.settings.state)) as old,
        closing(AppDatabase(target.settings.state)) as new,
    ):
        rows = sum(old.copy_into(new).values())
    return Moved(len(target.versions()), files, rows)


def _refuse_another(source: Store, target: Store) -> None:
    """Raise WrongUse where the target holds versions that are not those of the source."""
    for mine, theirs in zip(source.versions(), target.versions(), strict=False):
        if mine.record() != theirs.record():
            raise WrongUse(
                f"Version {theirs.number} of the target is not that of this store: it was "
                f"published by {theirs.author}. Choose an empty database or folder."
            )
    if len(target.versions()) > len(source.versions()):
        raise WrongUse("The target has more versions than this store. Choose an empty one.")


def _copied(source: Store, target: Store, kind: str, say: Callable[[str], None]) -> int:
    """Copy files of one kind; returns how many there are."""
    old, new = files_of(source.settings, kind), files_of(target.settings, kind)
    names = _names(source, kind)
    for name in names:
        path = old.path(name)
        if path.exists() and (kind == OUTLINES or not new.has(name)):
            say(f"Copying {kind}: {name[:24]}")
            new.put(name, path)
    return len(names)


def _names(source: Store, kind: str) -> list[str]:
    if kind == OUTLINES:
        return sorted(path.name for path in files_of(source.settings, kind).mirror().glob(GEOJSON))
    if kind == ORIGINALS:
        return sorted({file["sha256"] for item in source.versions() for file in item.originals})
    with closing(AppDatabase(source.settings.state)) as appdb:
        return sorted({file["sha256"] for item in appdb.staged() for file in item.files})
