"""The secret behind the pseudonyms: backed up into a file, and put back from one."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path

from onemind import metrics, settings
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.errors import NotPossibleNow, WrongUse

FINE, HEX = 0, 64


def arguments(command: argparse.ArgumentParser) -> None:
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
