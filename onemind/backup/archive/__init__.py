"""The file of a backup: a plain tar whose first member lists and proves the others."""

from onemind.backup.archive import manifest, pack, taking, unpack

__all__ = ["manifest", "pack", "taking", "unpack"]
