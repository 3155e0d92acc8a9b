"""The commands that look after a store: compact, doctor, and the secret behind pseudonyms."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from onemind import backup as backups
from onemind import doctor as diagnosis
from onemind import metrics, settings
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.cli.arguments import opened
from onemind.errors import NotPossibleNow, OneMindError, Unreachable, WrongUse
from onemind.store import Store, care, compact
from onemind.words import counted

FINE, FAULTS, UNFIT = 0, 1, 3
HEX = 64  # signs of the secret in its backup


def nothing(command: argparse.ArgumentParser) -> None:
    """Declare that a command takes nothing of its own."""


def compact_store(args: argparse.Namespace) -> int:
    """Merge the store's small files into few."""
    with opened() as store:
        files = compact.compact(store)
    if args.json:
        print(metrics.export.to_json({"files_before": files.before, "files_after": files.after}))
    else:
        print(
            f"The newest version was read from {files.before:,} files and now is from "
            f"{files.after:,}. No version was changed."
        )
    return FINE


def doctors(command: argparse.ArgumentParser) -> None:
    """Declare what `doctor` takes."""
    command.add_argument(
        "--deep", action="store_true", help="read every file of every version, by its checksum"
    )
    command.add_argument(
        "--repair",
        metavar="SOURCE",
        help="take what is missing or damaged from a backup, or from a folder with a copy; either "
        "may be s3://bucket/prefix",
    )


def doctor(args: argparse.Namespace) -> int:
    """Check the installation and the store; 3 when something is unfit.

    With --deep or --repair, check the store's files; 1 when one is at fault.
    """
    if args.repair:
        return _repaired(args)
    if args.deep:
        return _deep(args)
    findings = [*diagnosis.examine(settings.load()), *_seams()]
    if args.json:
        print(metrics.export.to_json([finding.record() for finding in findings]))
    for finding in () if args.json else findings:
        print(f"{'ok  ' if finding.sound else 'BAD '} {finding.subject}: {finding.says}")
    return FINE if all(finding.sound for finding in findings) else UNFIT


def _seams() -> Iterator[diagnosis.Finding]:
    """Ask the server, which is loaded for this alone, how its seams to Streamlit stand."""
    from onemind import server

    try:
        for seam in server.standings():
            yield diagnosis.Finding(f"seam {seam.name}", seam.sound, seam.says)
    except OneMindError as error:
        yield diagnosis.Finding("seams", False, str(error))


def _deep(args: argparse.Namespace) -> int:
    """Name every file of the store that is missing, damaged or of no version; then end with 1."""
    with opened() as store:
        depth = store.looked_into()
    if args.json:
        faults = [asdict(fault) for fault in depth.faults]
        record = {"files": depth.read, "faults": faults, "taken": len(depth.taken)}
        print(metrics.export.to_json(record))
        return FAULTS if faults else FINE
    _say_taken(depth)
    for fault in depth.faults:
        print(fault.says)
    if depth.faults:
        print(f"{counted(len(depth.faults), 'file')} at fault, of {depth.read:,}.")
        return FAULTS
    print(f"{counted(depth.read, 'file')} read: every version is as it was published.")
    return FINE


def _say_taken(depth: care.depth.Depth) -> None:
    if depth.taken:
        print(
            f"{counted(len(depth.taken), 'file')} had no checksum, from an earlier release. "
            "Their checksums were taken now."
        )


def _repaired(args: argparse.Namespace) -> int:
    """Take what is missing or damaged from a source; 1 when something is still at fault."""
    now = datetime.now(UTC)
    with _source(args.repair) as source, closing(_opened_with_catalog(args, source, now)) as store:
        depth = store.looked_into()
        done = care.repair.repaired(care.data_of(store.settings), depth.faults, source, now)
        after = store.looked_into() if done.taken else depth
    faults = [fault for fault in after.faults if fault.file not in done.lacking]
    if args.json:
        record = {"taken": done.taken, "lacking": done.lacking,
                  "faults": [asdict(fault) for fault in after.faults]}  # fmt: skip
        print(metrics.export.to_json(record))
        return FAULTS if after.faults else FINE
    for file in done.taken:
        print(f"Taken: {file}")
    for file in done.lacking:
        print(f"Not found: {file}. {args.repair} does not have it as it was published.")
    for fault in faults:
        print(fault.says)
    if not depth.faults:
        print("Nothing was missing or damaged.")
    return FAULTS if after.faults else FINE


@contextmanager
def _source(text: str) -> Iterator[care.Source]:
    """Lend a copy of the store, or a backup, as what lost files come back from."""
    place = settings.place_of_backups("SOURCE", text)
    if backups.is_folder(place) and not backups.own(place):
        yield care.copy_in(place)
        return
    with backups.lent(place) as path, backups.taking(path) as archive:
        yield archive


def _opened_with_catalog(args: argparse.Namespace, source: care.Source, now: datetime) -> Store:
    """Open the store; where its catalog is lost, take that from the source first."""
    chosen = settings.load()
    try:
        return Store(chosen)
    except Unreachable as error:
        if chosen.catalog:
            raise
        if not care.repair.bring_catalog(chosen.store, source, now):
            raise NotPossibleNow(f"{error} {args.repair} has none.") from error
    if not args.json:
        print(f"Taken: the catalog. Versions published after {args.repair} was made are not in it.")
    return Store(chosen)


def secrets(command: argparse.ArgumentParser) -> None:
    """Declare what `pseudonyms` takes."""
    command.add_argument("do", choices=("backup", "restore"), help="what to do with the secret")
    command.add_argument("file", type=Path, metavar="FILE", help="where the backup lies")


def pseudonyms(args: argparse.Namespace) -> int:
    """Write the secret into a file that only its owner may read, or put it back from one."""
    with closing(AppDatabase(settings.load().state)) as appdb:
        if args.do == "backup":
            _write(args.file, appdb.secrets.get(PSEUDONYMS))
            message = f"The secret is in {args.file}. Keep it apart from the data, and safe."
        else:
            appdb.secrets.put(PSEUDONYMS, _read(args.file))
            message = "The secret is back. The same officers get the same pseudonyms again."
    print(metrics.export.to_json({"file": str(args.file)}) if args.json else message)
    return FINE


def _write(file: Path, secret: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise WrongUse(f"{file} is there already. Name a new file.") from error
    except OSError as error:
        raise NotPossibleNow(f"{file} can't be written: {error.strerror}.") from error
    with os.fdopen(handle, "w") as opened:
        opened.write(f"{secret.hex()}\n")


def _read(file: Path) -> bytes:
    try:
        text = file.read_text(encoding="ascii").strip()
        if len(text) != HEX:
            raise ValueError(text)
        return bytes.fromhex(text)
    except OSError as error:
        raise NotPossibleNow(f"{file} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise WrongUse(f"{file} holds no backup of a secret.") from error
