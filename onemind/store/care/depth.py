"""Reading every file of every version: which are missing, damaged, or belong to no version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onemind.store.care.data import DATA, Data
from onemind.store.care.files import DAMAGED, MISSING, Files, listed, take, waiting
from onemind.store.connection import Connection

ORIGINALS = "originals"
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
    data: Data,
    versions: Mapping[int, int],
    originals: Mapping[str, set[int]],
    keep: bool = True,
) -> Depth:
    """Read all files of a store, and keep the sums of those that had none.

    `versions` are snapshots by number, `originals` the versions that were published from each file,
    by its SHA-256. Hold the publish lock meanwhile, so that nothing is half-written. Without
    `keep`, no sums are kept.
    """
    there, sums = listed(con), Files(None).sums(con)
    faults, taken = [], {}
    for file in there:
        name, wanted = f"{DATA}/{file.path}", sums.get(file.path)
        kind, checksum = _found(data, name, file.size, wanted)
        if kind:
            needing = tuple(number for number, at in versions.items() if file.is_of(at))
            faults.append(Fault(name, kind, needing, file.size, wanted))
        elif wanted is None:
            taken[file.path] = checksum
    if keep:
        take(con, taken)
    faults += _originals(data, originals)
    needed = {f"{DATA}/{path}" for path in {file.path for file in there} | waiting(con)}
    faults += [Fault(name, UNKNOWN) for name in sorted(data.names() - needed)]
    return Depth(len(there) + len(originals), tuple(faults), taken)


def _found(data: Data, name: str, size: int | None, wanted: str | None) -> tuple[str | None, str]:
    """Return what is wrong with a file, None if nothing is, and its SHA-256."""
    actual = data.size(name)
    if actual is None:
        return MISSING, ""
    if size not in (None, actual):
        return DAMAGED, ""
    checksum = data.digest(name)
    if checksum is None or wanted not in (None, checksum):
        return DAMAGED, ""
    return None, checksum


def _originals(data: Data, originals: Mapping[str, set[int]]) -> Iterable[Fault]:
    """Find the uploaded files, named by their content, that are missing or damaged."""
    for sha256, versions in sorted(originals.items()):
        name = f"{ORIGINALS}/{sha256}"
        kind, _ = _found(data, name, None, sha256)
        if kind:
            yield Fault(name, kind, tuple(sorted(versions)), None, sha256)
