"""The commands that look after a store: compact, doctor, and the secret behind pseudonyms."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from onemind import doctor as diagnosis
from onemind import metrics, settings
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.cli import repair
from onemind.cli.arguments import opened
from onemind.errors import NotPossibleNow, OneMindError, WrongUse
from onemind.store import compact

FINE, UNFIT = 0, 3
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
        type=Path,
        metavar="SOURCE",
        help="take what is missing or damaged from a backup, or from a folder with a copy",
    )


def doctor(args: argparse.Namespace) -> int:
    """Check the installation and the store; 3 when something is unfit.

    With --deep or --repair, check the store's files; 1 when one is at fault.
    """
    if args.repair:
        return repair.run(args)
    if args.deep:
        return repair.deep(args)
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


def secrets(command: argparse.ArgumentParser) -> None:
    """Declare what `pseudonyms` takes."""
    command.add_argument("do", choices=("backup", "restore"), help="what to do with the secret")
    command.add_argument("file", type=Path, metavar="FILE", help="where the backup lies")


def pseudonyms(args: argparse.Namespace) -> int:
    """Write the secret into a file that only its owner may read, or put it back from one."""
    with closing(AppDatabase(settings.load().store)) as appdb:
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
