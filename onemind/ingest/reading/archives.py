"""Unpacking a zip archive of files: under names of our own, and never more than was agreed.

What an archive says about its sizes is not believed; the bytes are counted as they come out.
"""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from onemind.ingest.problem import CheckFailed
from onemind.ingest.reading.files import fault

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MEMBERS = 200
RATIO = 200
SMALL = 10_000_000
CHUNK = 1 << 20
# What an export's own zip has beside its tables: it describes them, and is no table.
DESCRIPTION, CITATIONS = "datapackage.json", ("CITATION.cff", "citation.bib")
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, RuntimeError, ValueError,
)  # fmt: skip


def names(path: Path) -> list[str]:
    """Return the names of all members, [] where the archive can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except BROKEN:
        return []


def unpacked(path: Path, name: str, folder: Path, max_size: int) -> list[tuple[Path, str]]:
    """Write the archive's files into `folder`; returns where each lies, and what to call it.

    Folders, hidden files, what a Mac or Excel leaves behind and what describes an export are passed
    over. Raises CheckFailed
    when the archive is damaged, locked, empty, or larger than `max_size` bytes or MEMBERS files.
    """
    files: list[tuple[Path, str]] = []
    room = max_size
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _members(archive, name):
                target = folder / f"member{len(files)}"
                room -= _extract(archive, member, target, name, room)
                files.append((target, f"{name}/{' '.join(member.filename.split())}"))
    except BROKEN as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        raise (no_room(name) if full else broken(name)) from error
    return files


def broken(name: str) -> CheckFailed:
    """Return the error for an archive, or a workbook, that is no longer whole."""
    return fault(
        name,
        "file-error",
        f"The file {name} is damaged: it begins like a zip archive or a workbook, but is not whole "
        "or not readable. Get it again from where it came from, or save it again, and try again.",
    )


def no_room(name: str) -> CheckFailed:
    """Return the error for a disk that is full."""
    return fault(
        name,
        "file-error",
        f"The file {name} can't be unpacked: the server's disk is full. Ask the person "
        "who runs this dashboard to free some space.",
    )


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if _counts(member)]
    if not members:
        raise fault(
            name,
            "file-error",
            f"The archive {name} has no files. Add CSV files or workbooks and try again.",
        )
    if len(members) > MEMBERS:
        raise fault(
            name,
            "size-error",
            f"The archive {name} holds {len(members):,} files; the limit is {MEMBERS}. "
            "Split it and publish the parts one after another.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise fault(
            name,
            "file-error",
            f"The archive {name} is protected by a password. "
            "Create one without a password, or upload its files directly.",
        )
    return members


def _counts(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    left_behind = "__MACOSX" in path.parts or path.name.startswith((".", "~$"))
    left_behind = left_behind or path.name in (DESCRIPTION, *CITATIONS)
    return not member.is_dir() and not left_behind


def _extract(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str, room: int
) -> int:
    """Write one member; returns its bytes, counted as they come, and stops at too many."""
    written = 0
    with archive.open(member) as source, target.open("wb") as file:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > room:
                raise fault(
                    name,
                    "size-error",
                    f"The archive {name} is too large once unpacked. Split it and "
                    "publish the parts one after another.",
                )
            if written > max(SMALL, RATIO * member.compress_size):
                raise fault(
                    name,
                    "size-error",
                    f"The archive {name} is packed over {RATIO} times smaller than its "
                    "contents, which no real table is. Upload the files directly, "
                    "without an archive.",
                )
            file.write(chunk)
    return written
