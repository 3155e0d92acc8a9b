"""The commands for backups: make one, restore one, and the drill that proves one."""

from onemind.cli.backup.making import backup, makes
from onemind.cli.backup.restoring import drill, drills, restore_backup, restores

__all__ = ["backup", "drill", "drills", "makes", "restore_backup", "restores"]
