"""Files fetched from sources when they are due, let in through the same checks as an upload."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from onemind.appdb import AppDatabase, Source
from onemind.errors import NothingChanged, OneMindError
from onemind.ingest import CheckFailed, Upload, summary
from onemind.publishing import publisher
from onemind.publishing.options import Options
from onemind.publishing.sources.fetch import fetch
from onemind.publishing.sources.reach import Allowance
from onemind.store import Store

HERE = "source"


@dataclass(frozen=True)
class Came:
    """What came of asking a source: a new version, nothing new, or why it failed."""

    source: Source
    message: str
    version: int | None = None
    failed: bool = False


def due(
    store: Store,
    appdb: AppDatabase,
    today: Callable[[], date] = date.today,
    only: str | None = None,
) -> Iterator[Came]:
    """Ask each source that is due, or one by its id; how it went is noted with it and in the log.

    A failing source does not keep the others from being asked.
    """
    for source in appdb.sources.all():
        now = datetime.now(UTC)
        if source.id == only or (only is None and source.is_due(now)):
            if not appdb.sources.claim(source, now):
                continue
            came, etag = _asked(store, source, today())
            appdb.sources.finish(source.id, etag, came.failed, came.message)
            _note(appdb, came)
            yield came


def _asked(store: Store, source: Source, today: date) -> tuple[Came, str]:
    """Fetch and publish; the ETag is kept only of a file that was let in or was there already."""
    chosen, host = store.settings, urlsplit(source.url).hostname
    with tempfile.TemporaryDirectory() as folder:
        try:
            allowed = Allowance(chosen.source_hosts)
            got = fetch(source.url, allowed, Path(folder), chosen.max_upload, source.etag)
            if got.path is None:
                return Came(source, f"{host}: nothing new."), source.etag
            version, _ = publisher.publish(
                store, [Upload(got.path, got.name)],
                Options(today, reading_name=source.reading), source.author,
                f"Fetched {got.name} from {host}",
            )  # fmt: skip
        except NothingChanged:
            return Came(source, f"{host}: nothing new."), got.etag
        except CheckFailed as error:
            return Came(source, f"{host}: {summary(error.problems)}", failed=True), source.etag
        except OneMindError as error:
            return Came(source, str(error), failed=True), source.etag
    return Came(source, f"{host}: published version {version.number}.", version.number), got.etag


def _note(appdb: AppDatabase, came: Came) -> None:
    if came.failed or came.version:
        action = "source failed" if came.failed else "publish"
        subject = came.source.url if came.failed else f"version {came.version}"
        details = {"why": came.message, "url": came.source.url}
        now = datetime.now(UTC)
        appdb.activity.add(now, came.source.author, action, subject, HERE, details)
