"""The tables in a file: a workbook's sheets, the files of an archive, or the file itself.

A kind of file is told by its content, for names lie. Of a workbook with rows in several sheets,
those that hold a header alone are passed over, and so is any sheet that begins with NOT_READ: a
template with nine sheets may be filled in one of them, and explains itself in a tenth.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from onemind.ingest.problem import CheckFailed
from onemind.ingest.reading import archives, others
from onemind.ingest.reading.cells import Sheet
from onemind.ingest.reading.files import fault
from onemind.ingest.reading.table import Table
from onemind.settings import ROOT

NOT_READ = "This sheet explains the others. It isn't read when the file is uploaded."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
SECONDS = 300
# By a member of the zip archive that each of them is.
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin"}
DOCUMENTS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "index/document.iwa": "an Apple Numbers, Pages or Keynote document",
    "meta-inf/manifest.xml": "an OpenDocument file, but no spreadsheet",
}
# Why a workbook could not be read -> (code, sentence).
FAULTS = {
    "password": (
        "file-error",
        "The workbook {name} is protected by a password. "
        "Save a copy without a password and try again.",
    ),
    "broken": (
        "file-error",
        "The workbook {name} can't be read: it is damaged or not a workbook. "
        "Open it in a spreadsheet program, save it as .xlsx and try again.",
    ),
    "blank": (
        "file-error",
        "The workbook {name} is blank: it has no sheet with a table. "
        "Put a header row and at least one row of data into a sheet and try again.",
    ),
    "hidden": (
        "file-error",
        "The workbook {name} hides all of its sheets with a table. "
        "Unhide the sheet that holds the data, save the workbook and try again.",
    ),
    "memory": (
        "size-error",
        "The workbook {name} takes more memory than is allowed: often there is a "
        "stray cell far below or beside the table. Delete the rows and columns around "
        "the table, or save the "
        "sheet as CSV, and try again.",
    ),
    "time": (
        "size-error",
        "The workbook {name} takes longer than {minutes} minutes to read. "
        "Save its sheets as CSV and try again.",
    ),
    "size": (
        "size-error",
        "The sheets of {name} hold more than {limit:,.0f} MB of text, which is the "
        "limit. Split the workbook and publish the parts together.",
    ),
}


def tables(path: Path, name: str, workdir: Path, max_size: int) -> list[Table]:
    """Return the tables of a file, workbooks and archives unpacked into `workdir`.

    A sheet is written as UTF-8 with commas, row k of the sheet as record k, so that row numbers
    stay the reader's own. Raises CheckFailed with a sentence when a file can't be unpacked.
    """
    kind = _kind(path, name)
    if kind != "text":
        _refuse_large(path, name, max_size)
    match kind:
        case "workbook":
            return _sheets(path, name, workdir, max_size)
        case "archive":
            return _members(path, name, workdir, max_size)
        case "text":
            return [Table(path, name)]
    return others.tables(kind, path, name, Path(tempfile.mkdtemp(dir=workdir)))


def _kind(path: Path, name: str) -> str:
    """Whether a file is a "workbook", an "archive", one of `others.KINDS`, or "text" for all that
    `read` looks into.
    """
    try:
        with path.open("rb") as file:
            start = file.read(others.START)
    except OSError:
        return "text"
    if start.startswith(OLE):
        return "workbook"
    if not start.startswith(archives.MAGIC):
        return others.kind(start) or "text"
    members = {member.replace("\\", "/").lower() for member in archives.names(path)}
    if members & WORKBOOKS or ("mimetype" in members and _mimetype(path).startswith(ODS)):
        return "workbook"
    if kinds := sorted(members & set(DOCUMENTS)):
        raise fault(
            name,
            "file-error",
            f"The file {name} is {DOCUMENTS[kinds[0]]}. "
            "Save its table as .xlsx or CSV and try again.",
        )
    return "archive"


def _mimetype(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as file:
            return file.read(len(ODS))
    except (KeyError, *archives.BROKEN):
        return b""


def _members(path: Path, name: str, workdir: Path, max_size: int) -> list[Table]:
    """The tables of an archive's files; what is wrong with several of them is said at once."""
    folder = Path(tempfile.mkdtemp(dir=workdir))
    inner: list[Table] = []
    faults: list[CheckFailed] = []
    for member, label in archives.unpacked(path, name, folder, max_size):
        try:
            if _kind(member, label) == "archive":
                raise _nested(label)
            inner += tables(member, label, workdir, max_size)
        except CheckFailed as error:
            faults.append(error)
        if sum(table.path.stat().st_size for table in inner) > max_size:
            raise _fault("size", name, max_size)
    if faults:
        raise CheckFailed([problem for error in faults for problem in error.problems])
    return inner


def _nested(label: str) -> CheckFailed:
    return fault(
        label,
        "file-error",
        f"The file {label} is an archive inside an archive, which can't be opened. "
        "Unpack it and upload its files directly.",
    )


def _sheets(path: Path, name: str, workdir: Path, max_size: int) -> list[Table]:
    sheets = [item for item in _copied(path, name, workdir, max_size) if item.first != NOT_READ]
    if not sheets:
        raise _fault("blank", name, max_size)
    if all(item.hidden for item in sheets):
        raise _fault("hidden", name, max_size)
    several = len(sheets) > 1
    with_rows = [item for item in sheets if item.filled > 1]
    return [
        Table(
            Path(item.path), f"{name}, sheet {item.name}" if several else name, item.name,
            item.hidden, tuple(item.hidden_rows), tuple(item.merged), tuple(item.valueless),
        )
        for item in with_rows or sheets
    ]  # fmt: skip


def _copied(path: Path, name: str, workdir: Path, max_size: int) -> list[Sheet]:
    """Have `cells` write the sheets as CSV, in a process of its own."""
    folder = Path(tempfile.mkdtemp(dir=workdir)).resolve()
    program = [sys.executable, "-m", "onemind.ingest.reading.cells"]
    command = [*program, str(path.resolve()), str(folder), str(max_size)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _fault("time", name, max_size) from error
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else _died(done)
    if why := answer.get("fault"):
        raise _fault(why, name, max_size)
    return [Sheet(**item) for item in answer["sheets"]]


def _died(done: subprocess.CompletedProcess[bytes]) -> dict[str, str]:
    """Why the reading ended without an answer: for want of memory, or at a fault of the file."""
    starved = b"memory allocation" in done.stderr or b"capacity overflow" in done.stderr
    return {"fault": "memory" if starved or done.returncode == -9 else "broken"}


def _refuse_large(path: Path, name: str, max_size: int) -> None:
    size = path.stat().st_size
    if size > max_size:
        raise fault(
            name,
            "size-error",
            f"The file {name} has {size / 1e6:,.0f} MB; at most {max_size / 1e6:,.0f} "
            "MB are accepted. Split it and publish the parts together.",
        )


def _fault(why: str, name: str, max_size: int) -> CheckFailed:
    if why == "disk":
        return archives.no_room(name)
    code, sentence = FAULTS[why]
    message = sentence.format(name=name, limit=max_size / 1e6, minutes=SECONDS // 60)
    return fault(name, code, message)
