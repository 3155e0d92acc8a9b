"""A connection as the store lends it: the few methods that others may call, DuckDB's or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """The answer to a query."""

    @property
    def description(self) -> Sequence[tuple[Any, ...]]: ...  # a tuple per column, its name first

    def fetchone(self) -> tuple[Any, ...] | None: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...

    def fetchnumpy(self) -> dict[str, Any]: ...


class Connection(Protocol):
    """Where queries run; several connections may work at once, each in its own thread."""

    def execute(self, query: str, parameters: object = None, /) -> Rows: ...

    def executemany(self, query: str, parameters: object = None, /) -> Rows: ...

    def begin(self) -> object: ...

    def commit(self) -> object: ...

    def rollback(self) -> object: ...

    def register(self, view: str, table: object, /) -> object: ...  # an Arrow table as a view

    def unregister(self, view: str, /) -> object: ...

    def query_progress(self) -> float: ...  # percent; may be called from another thread

    def interrupt(self) -> None: ...  # may be called from another thread
