"""One file holds all of a store, made while it runs; it is restored, proven, into a new folder."""

from onemind.backup.archive.manifest import BackupRefused, Manifest
from onemind.backup.archive.taking import taking
from onemind.backup.drill import Drill, drill
from onemind.backup.keep import kept, prune
from onemind.backup.make import Backup, back_up
from onemind.backup.parts import Part
from onemind.backup.places import Place, is_folder, lent, own
from onemind.backup.restore import restore
from onemind.backup.schedule import (
    Standing,
    due,
    last_good_backup,
    note,
    note_failure,
    on_schedule,
    standing,
)

__all__ = [
    "Backup",
    "BackupRefused",
    "Drill",
    "Manifest",
    "Part",
    "Place",
    "Standing",
    "back_up",
    "drill",
    "due",
    "is_folder",
    "kept",
    "last_good_backup",
    "lent",
    "note",
    "note_failure",
    "on_schedule",
    "own",
    "prune",
    "restore",
    "standing",
    "taking",
]
