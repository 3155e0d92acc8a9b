"""Which backups in a folder stay: the newest of each of the last days, weeks and months, in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from onemind.backup import unpack
from onemind.backup.make import Backup, name_of
from onemind.backup.manifest import BackupRefused
from onemind.errors import NotPossibleNow, WrongUse

NAME = re.compile(r"onemind-(\d{8}T\d{6}Z)\.tar")
Rule = tuple[tuple[int, str], ...]  # how many of d (days), w (weeks) and m (months)


def kept(moments: Iterable[datetime], now: datetime, rule: Rule) -> set[datetime]:
    """Return the moments whose backups stay: the newest of all, and of each period of the rule.

    A period is a day, a week from Monday or a month of the calendar; the last one is that of now.
    What is dated later than now stays.
    """
    ordered = sorted(moments)
    stay = {moment for moment in ordered if moment > now} | set(ordered[-1:])
    for count, unit in rule:
        newest = {_period(moment, unit): moment for moment in ordered}
        first = _period(now, unit) - count + 1
        stay |= {moment for period, moment in newest.items() if period >= first}
    return stay


def _period(moment: datetime, unit: str) -> int:
    if unit == "m":
        return moment.year * 12 + moment.month
    days = moment.date().toordinal() - 1  # the first day of the calendar was a Monday
    return days // 7 if unit == "w" else days


def own(folder: Path, store: str = "") -> dict[datetime, Path]:
    """Return the whole backups in a folder by when they were made; only those of one store, if
    named.

    A backup has its name and its manifest from this program. All else in the folder is none.
    """
    backups = {}
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            try:
                manifest = unpack.listed(path)
            except (BackupRefused, NotPossibleNow, WrongUse):
                continue
            named = name_of(manifest.made_at) == path.name
            if named and store in ("", manifest.store) and unpack.is_whole(path):
                backups[manifest.made_at] = path
    return backups


def newest(folder: Path) -> Path | None:
    """Return the newest whole backup in a folder."""
    backups = own(folder)
    return backups[max(backups)] if backups else None


def prune(made: Backup, now: datetime, rule: Rule) -> list[Path]:
    """Remove the backups beside one just made that are not to be kept, and return them.

    Raises NotPossibleNow where one can't be removed.
    """
    backups = own(made.path.parent, made.manifest.store)
    stay = kept(backups, now.astimezone(UTC), rule) | {made.manifest.made_at}
    removed = [path for moment, path in sorted(backups.items()) if moment not in stay]
    for path in removed:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise NotPossibleNow(f"{path} can't be removed: {error.strerror}.") from error
    return removed
