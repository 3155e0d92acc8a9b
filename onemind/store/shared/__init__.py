"""Derived tables that several processes of a machine share: Parquet files beside the store.

Whoever needs a table that takes long looks here first; one process derives it while others wait.
A file is named by all that decides its rows (version, rules, SQL), so it is never stale. Nothing
depends on it: one that is missing, damaged or can't be written costs the time to derive, no more.
"""

from onemind.store.shared.files import Place
from onemind.store.shared.tables import Shared

__all__ = ["Place", "Shared"]
