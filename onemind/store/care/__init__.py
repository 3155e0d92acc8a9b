"""How a store fares: what can be had of it now, its files, its layout; looking and repairing."""

from onemind.store.care import depth, files, repair
from onemind.store.care.copies import Copy
from onemind.store.care.data import Data, data_of
from onemind.store.care.health import Health
from onemind.store.care.sources import Source, copy_in
from onemind.store.care.trouble import Trouble, is_of_disk, tried, unwritable, worded

__all__ = [
    "Copy",
    "Data",
    "Health",
    "Source",
    "Trouble",
    "copy_in",
    "data_of",
    "depth",
    "files",
    "is_of_disk",
    "repair",
    "tried",
    "unwritable",
    "worded",
]
