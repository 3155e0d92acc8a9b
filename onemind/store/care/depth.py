"""Reading every file of every version: which are missing, damaged, or belong to no version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onemind.store.care.files import (
    DAMAGED,
    MISSING,
    Files,
    digest,
    listed,
    names,
    take,
    waiting,
)
from onemind.store.connection import Connection

DATA, ORIGINALS = "data", "originals"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fault:
    """A file, named from the store's folder, what is wrong with it, and the versions that need it.

    `size` and `sha256` are what it should have; None where that is not known.
    """

    file: str
    kind: str
    versions: tuple[int, ...] = ()
    size: int | None = None
    sha256: str | None = None

    @property
    def says(self) -> str:
        """The fault in a sentence."""
        if self.kind == UNKNOWN:
            return f"{self.file}: unknown. No version needs it; a publish that was cut off left it."
        which = "version" if len(self.versions) == 1 else "versions"
        return f"{self.file}: {self.kind}, needed by {which} {spans(self.versions)}."


@dataclass(frozen=True)
class Depth:
    """How many files were read, the faults, and the sums that were taken at first sight."""

    read: int
    faults: tuple[Fault, ...]
    taken: Mapping[str, str] = field(default_factory=dict)


def spans(numbers: Iterable[int]) -> str:
    """Return numbers with those that follow each other drawn together: 1-4, 7."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in parts)


def looked(
    con: Connection,
    store: Path,
    versions: Mapping[int, int],
    originals: Mapping[str, set[int]],
    keep: bool = True,
) -> Depth:
    """Read all files of a store, and keep the sums of those that had none.

    `versions` are snapshots by number, `originals` the versions that were published from each file,
    by its SHA-256. Hold the publish lock meanwhile, so that nothing is half-written. Without
    `keep`, no sums are kept.
    """
    files = Files(store / DATA)
    there, sums = listed(con), files.sums(con)
    faults = []
    for file in there:
        if kind := files.fault(file, sums.get(file.path)):
            needing = tuple(number for number, at in versions.items() if file.is_of(at))
            name = f"{DATA}/{file.path}"
            faults.append(Fault(name, kind, needing, file.size, sums.get(file.path)))
    at_fault = {fault.file for fault in faults}
    unsummed = {file.path for file in there if f"{DATA}/{file.path}" not in at_fault} - sums.keys()
    taken = {path: digest(store / DATA / path) for path in sorted(unsummed)}
    if keep:
        take(con, taken)
    unknown = names(store / DATA) - {file.path for file in there} - waiting(con)
    faults += _originals(store, originals)
    faults += [Fault(f"{DATA}/{path}", UNKNOWN) for path in sorted(unknown)]
    return Depth(len(there) + len(originals), tuple(faults), taken)


def _originals(store: Path, originals: Mapping[str, set[int]]) -> Iterable[Fault]:
    """Find the uploaded files, named by their content, that are missing or damaged."""
    for sha256, versions in sorted(originals.items()):
        path = store / ORIGINALS / sha256
        if not path.exists():
            kind = MISSING
        elif digest(path) != sha256:
            kind = DAMAGED
        else:
            continue
        yield Fault(f"{ORIGINALS}/{sha256}", kind, tuple(sorted(versions)), None, sha256)
