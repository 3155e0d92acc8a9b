"""Writing an archive: a plain tar whose first member lists and proves the others.

Files are read once. Room is kept for the list, which is written when all checksums are known.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from onemind.backup.archive.manifest import LARGEST, LONGEST, NAME, Entry, Manifest
from onemind.errors import NotPossibleNow

LIST, PROOF = "manifest.json", "manifest.json.sha256"
BLOCK, CHUNK = 512, 1 << 20
SAMPLE, PAYS, LEVEL = 1 << 18, 0.9, 6


@dataclass(frozen=True)
class Source:
    """A file that goes in under a name; `squeeze`: compressed, if a sample of it gets smaller."""

    name: str
    opened: Callable[[], BinaryIO]
    squeeze: bool


class Pack:
    """The files of an archive, in the order in which the parts of a store add them."""

    def __init__(self) -> None:
        self.sources: list[Source] = []

    def add(self, name: str, opened: Callable[[], BinaryIO], squeeze: bool = True) -> None:
        """Add a file; it is opened when it is its turn. Raises NotPossibleNow for a strange name.

        What is compressed already, such as Parquet, is better not squeezed.
        """
        if not NAME.fullmatch(name) or len(name) > LONGEST:
            raise NotPossibleNow(f"The store has a file that no backup can hold: {name[:200]}.")
        self.sources.append(Source(name, opened, squeeze))

    def add_file(self, name: str, path: Path, squeeze: bool = True) -> None:
        """Add a file of this computer."""
        self.add(name, lambda: path.open("rb"), squeeze)


def write(file: BinaryIO, sources: Iterable[Source], known: Manifest) -> Manifest:
    """Write an archive into an empty file, and return its manifest: `known` with the files."""
    listed = list(sources)
    room = _room(known, listed)
    file.seek(_span(room) + _span(len(proof(b""))))
    file.truncate()
    files = tuple(_written(file, source, known.made_at) for source in listed)
    file.write(bytes(2 * BLOCK))
    manifest = replace(known, files=files)
    content = manifest.to_json().ljust(room)
    file.seek(0)
    file.write(_header(LIST, room, known.made_at) + content)
    file.write(_header(PROOF, len(proof(content)), known.made_at) + proof(content))
    return manifest


def proof(content: bytes) -> bytes:
    """Return what proves the list: a line as sha256sum writes and checks it."""
    return f"{hashlib.sha256(content).hexdigest()}  {LIST}\n".encode("ascii")


def _room(known: Manifest, listed: list[Source]) -> int:
    """Return the most bytes that the list can take, in whole blocks."""
    longest = tuple(
        Entry(source.name, 10 * LARGEST, "0" * 64, False, 10 * LARGEST) for source in listed
    )
    return padded(len(replace(known, files=longest).to_json()))


def _written(file: BinaryIO, source: Source, made_at: datetime) -> Entry:
    start = file.tell()
    file.write(bytes(BLOCK))
    digest, size = hashlib.sha256(), 0
    with source.opened() as content:
        first = content.read(SAMPLE)
        packed = source.squeeze and len(zlib.compress(first, 1)) < PAYS * len(first)
        out = _squeezed(file) if packed else file
        chunk = first
        while chunk:
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
            chunk = content.read(CHUNK)
        if out is not file:
            out.close()
    end = file.tell()
    entry = Entry(source.name, size, digest.hexdigest(), packed, end - start - BLOCK)
    file.write(bytes(padded(entry.stored) - entry.stored))
    after = file.tell()
    file.seek(start)
    file.write(_header(entry.member, entry.stored, made_at))
    file.seek(after)
    return entry


def _squeezed(file: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=LEVEL)  # type: ignore[return-value]


def _header(name: str, size: int, made_at: datetime) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(made_at.timestamp())
    return info.tobuf(tarfile.GNU_FORMAT)


def _span(size: int) -> int:
    return BLOCK + padded(size)


def padded(size: int) -> int:
    """Return a size in whole blocks."""
    return -(-size // BLOCK) * BLOCK
