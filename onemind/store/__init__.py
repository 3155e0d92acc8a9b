"""Every publish is a version that can be read again, whole or through a Window.

Others work with a Connection and its Rows; that DuckDB is behind them is known in here only.
"""

from onemind.store import care, compact, diff, moving, publish
from onemind.store.connection import Connection, Rows
from onemind.store.derived import Derived
from onemind.store.lake import (
    CATALOG,
    DatabaseError,
    Interrupted,
    drop_temporary,
    is_temporary_view,
    quoted,
)
from onemind.store.locks import Duty, sole
from onemind.store.marks import Mark, is_settled, mark
from onemind.store.small_counts import ENDINGS, GIVE_WAY, WHOLE_YEAR
from onemind.store.store import Store, Version, relation
from onemind.store.window import Window

__all__ = [
    "CATALOG",
    "ENDINGS",
    "GIVE_WAY",
    "WHOLE_YEAR",
    "Connection",
    "DatabaseError",
    "Derived",
    "Duty",
    "Interrupted",
    "Mark",
    "Rows",
    "Store",
    "Version",
    "Window",
    "care",
    "compact",
    "diff",
    "drop_temporary",
    "is_settled",
    "is_temporary_view",
    "mark",
    "moving",
    "publish",
    "quoted",
    "relation",
    "sole",
]
