"""Backups on a schedule, and how it stands with them: noted in the activity log, told to staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from onemind.appdb import AppDatabase, Event
from onemind.backup.keep import prune
from onemind.backup.make import Backup, back_up
from onemind.backup.places import name_of, named
from onemind.errors import OneMindError
from onemind.settings import Settings
from onemind.store import Store, sole
from onemind.words import counted, long_day

MADE, FAILED = "backup", "backup failed"
ACTOR = "schedule"
AGAIN = timedelta(hours=1)  # after a failure
LOCK = "backup.lock"


def last_good_backup(appdb: AppDatabase) -> datetime | None:
    """Return when the last backup was made and proven, by the schedule or by hand; None: never."""
    events = appdb.activity.events((MADE,), most=1)
    return events[0].at if events else None


def due(settings: Settings, appdb: AppDatabase, now: datetime) -> bool:
    """Whether the schedule is to make a backup now; after a failure it tries again in an hour."""
    if settings.backup is None:
        return False
    good = _latest(appdb, MADE, str(settings.backup))
    failed = _latest(appdb, FAILED, str(settings.backup))
    waits = settings.backup_every
    if failed and (good is None or failed.at > good.at) and now - failed.at < min(AGAIN, waits):
        return False
    return good is None or now - good.at >= waits


def _latest(appdb: AppDatabase, action: str, folder: str) -> Event | None:
    """Return the schedule's latest event of a kind; of this folder, for it may be a new one."""
    events = appdb.activity.events((action,), ACTOR, most=1)
    return events[0] if events and events[0].details.get("folder") == folder else None


def on_schedule(store: Store, appdb: AppDatabase, now: datetime) -> Backup | None:
    """Make a backup if one is due, note how it went, and remove those not to be kept.

    Of all processes that serve a store, one makes it. Returns None where none was made.
    """
    settings = store.settings
    if settings.backup is None or not due(settings, appdb, now):
        return None
    with sole(settings.store / LOCK) as is_mine:
        if not is_mine or not due(settings, appdb, now):
            return None
        try:
            made = back_up(store, named(settings.backup, name_of(now)), now)
        except OneMindError as error:
            note_failure(appdb, str(settings.backup), error, ACTOR, now)
            return None
        note(appdb, made, ACTOR, now)
        try:
            prune(made, now, settings.backup_keep)
        except OneMindError as error:
            note_failure(appdb, str(settings.backup), error, ACTOR, now)
        return made


def note(appdb: AppDatabase, made: Backup, actor: str, now: datetime, ip: str = "") -> None:
    """Note a good backup in the activity log."""
    details = {
        "folder": str(made.place),
        "megabytes": round(made.size / 1e6, 1),
        "version": made.manifest.newest,
    }
    appdb.activity.add(now, actor, MADE, made.name, ip, details)


def note_failure(
    appdb: AppDatabase, folder: str, error: OneMindError, actor: str, now: datetime, ip: str = ""
) -> None:
    """Note a backup that failed, and why."""
    details = {"why": str(error), "folder": folder}
    appdb.activity.add(now, actor, FAILED, folder, ip, details)


@dataclass(frozen=True)
class Standing:
    """How it stands with backups, in a sentence or two; `is_bad`: staff should know."""

    says: str
    is_bad: bool = False


def standing(settings: Settings, appdb: AppDatabase, now: datetime) -> Standing:
    """Say when the last good backup was made, whether the last one failed, and what to do."""
    last = next(iter(appdb.activity.events((MADE, FAILED), most=1)), None)
    good = next(iter(appdb.activity.events((MADE,), most=1)), None)
    known = f" The last good one was made on {_when(good)}." if good else " There is none yet."
    if last is not None and last.action == FAILED:
        why = str(last.details.get("why", ""))
        return Standing(f"The backup of {_when(last)} failed. {why}{known}", True)
    if good is None and settings.backup is None:
        return Standing(
            "No backup has been made. Set ONEMIND_BACKUP to a folder on another disk, "
            "and the server makes one every day."
        )
    if good is None:
        return Standing("No backup has been made yet. The first is made when the server has time.")
    age = now - good.at
    if settings.backup is not None and age > 2 * settings.backup_every:
        old = counted(age.days, "day") if age.days else counted(age.seconds // 3600, "hour")
        return Standing(
            f"The last good backup is {old} old, and newer ones are due. "
            "Look whether the server runs and may write to ONEMIND_BACKUP.", True,
        )  # fmt: skip
    place = good.details.get("folder", "")
    return Standing(f"The last good backup was made on {_when(good)}: {good.subject} in {place}.")


def _when(event: Event) -> str:
    at = event.at.astimezone(UTC)
    return f"{long_day(at.date())}, at {at:%H:%M} UTC"
