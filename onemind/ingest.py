"""Letting data in: read, match, check, compare, publish; all of it or nothing.

`draft` does everything but the publish and lends the result; `publish` does all, and starts over
when somebody else published meanwhile.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onemind.errors import CheckFailed, VersionMoved
from onemind.ingest_draft import MODES, Draft, Drafting, Options, Upload
from onemind.problem import Problem
from onemind.store import Store, Version
from onemind.store_lake import Connection
from onemind.store_publish import commit

__all__ = ["MODES", "Draft", "Options", "Upload", "blocking", "draft", "publish"]
TRIES = 3


@contextmanager
def draft(
    store: Store, uploads: Iterable[Upload], options: Options
) -> Iterator[tuple[Draft, Connection]]:
    """Check files and compare them with the newest version; lends what it worked in."""
    with tempfile.TemporaryDirectory() as folder, store.cursor() as con:
        con.execute("create temp table left_out (part integer, place bigint)")
        yield Drafting(store, con, options, Path(folder)).run(list(uploads)), con


def blocking(made: Draft, skip_bad_rows: bool) -> list[Problem]:
    """Return the errors that keep a draft from being published.

    With `skip_bad_rows` an error of a single row does not; what is wrong with the whole file does.
    """
    return [
        item
        for item in made.errors
        if not (skip_bad_rows and item.row is not None and item.row > 1)
    ]


def publish(
    store: Store, uploads: Iterable[Upload], options: Options, author: str, message: str
) -> tuple[Version, Draft]:
    """Publish files as one version.

    Raises CheckFailed with every error found (with `skip_bad_rows`: only with those that are not of
    a single row), NothingChanged when all is there already. Nothing is half-done.
    """
    uploads = list(uploads)
    for attempt in range(TRIES):
        try:
            return _publish_once(store, uploads, options, author, message)
        except VersionMoved:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _publish_once(
    store: Store, uploads: list[Upload], options: Options, author: str, message: str
) -> tuple[Version, Draft]:
    with draft(store, uploads, options) as (made, con):
        if found := blocking(made, options.skip_bad_rows):
            raise CheckFailed(list(made.problems), "Nothing was published. " + found[0].message)
        options.say("Publishing")
        known: dict[str, Any] = {
            "mode": options.mode,
            "files": made.files,
            "sample": made.is_sample,
        }
        version = commit(store, con, list(made.deltas), made.base, author, message, **known)
        return version, made
