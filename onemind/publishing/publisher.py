"""Letting data in: read, match, check, compare, publish; all of it or nothing.

`draft` does everything but the publish and lends the result; `publish` does all, and starts over
when somebody else published meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from onemind import telemetry
from onemind.appdb import AppDatabase
from onemind.errors import NothingChanged, NotPossibleNow, NotWritable, VersionMoved
from onemind.files import Files, files_of
from onemind.ingest import (
    EVERY,
    CheckFailed,
    Problem,
    Reading,
    Upload,
    fingerprint,
    persons,
    prefetch,
)
from onemind.publishing.context import opened
from onemind.publishing.draft import make
from onemind.publishing.options import MODES, Draft, Options, Taken
from onemind.store import Connection, Store, Version
from onemind.store.publish import commit

__all__ = [
    "MODES", "Draft", "Options", "Taken", "Upload",
    "blocking", "draft", "prefetch", "publish", "publish_against",
]  # fmt: skip
TRIES = 3


@contextmanager
def draft(
    store: Store, uploads: Iterable[Upload], options: Options
) -> Iterator[tuple[Draft, Connection]]:
    """Check files and compare them with the newest version; lends what it worked in."""
    with _drafted(store, uploads, options) as (proposed, con):
        _count_rejected(proposed)
        yield proposed, con


@contextmanager
def _drafted(
    store: Store, uploads: Iterable[Upload], options: Options
) -> Iterator[tuple[Draft, Connection]]:
    with opened(store, options, options.pseudonyms) as context:
        options.lend(context.con)
        yield make(context, list(uploads)), context.con


def _count_rejected(proposed: Draft) -> None:
    for code in {item.code for item in proposed.errors}:
        telemetry.meters.REJECTED_UPLOADS.add(code)


def _rejected(proposed: Draft, message: str) -> CheckFailed:
    _count_rejected(proposed)
    return CheckFailed(list(proposed.problems), message)


def blocking(proposed: Draft, skip_bad_rows: bool) -> list[Problem]:
    """Return the errors that keep a draft from being published.

    With `skip_bad_rows` an error of a single row does not; what is wrong with the whole file does.
    """
    whole_file = ("missing-label", "duplicate-label")
    return [
        item
        for item in proposed.errors
        if not (skip_bad_rows and item.row is not None and item.code not in whole_file)
    ]


@telemetry.publishing()
def publish(
    store: Store, uploads: Iterable[Upload], options: Options, author: str, message: str
) -> tuple[Version, Draft]:
    """Publish files as one version, and remember how their headers and names were read.

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
    with _drafted(store, uploads, options) as (proposed, con):
        version = publish_draft(store, proposed, con, uploads, options, author, message)
        return version, proposed


@telemetry.publishing()
def publish_against(
    store: Store,
    uploads: Iterable[Upload],
    options: Options,
    author: str,
    message: str,
    base: Version | None,
) -> Version:
    """Publish files whose difference from `base` somebody has seen.

    Raises VersionMoved when another version is the newest by now: its difference was not seen.
    """
    uploads = list(uploads)
    with _drafted(store, uploads, options) as (proposed, con):
        if (proposed.base and proposed.base.number) != (base and base.number):
            raise VersionMoved(proposed.base.number if proposed.base else 0)
        return publish_draft(store, proposed, con, uploads, options, author, message)


def publish_draft(
    store: Store,
    proposed: Draft,
    con: Connection,
    uploads: list[Upload],
    options: Options,
    author: str,
    message: str,
) -> Version:
    """Publish a draft of these files while the connection it was made in is still open.

    Raises CheckFailed, NothingChanged, or VersionMoved when its base is no longer the newest.
    """
    if options.practice:
        raise NotPossibleNow("Practice keeps nothing. End it to publish.")
    if faults := blocking(proposed, options.skip_bad_rows):
        raise _rejected(proposed, "Nothing was published. " + faults[0].message)
    if all(diff.empty for diff in proposed.diffs):
        if not proposed.errors:
            raise NothingChanged(proposed.base.number if proposed.base else 0)
        message = "Nothing was published: no row without errors would change anything. "
        raise _rejected(proposed, message + proposed.errors[0].message)
    options.say("Publishing")
    version = commit(
        store, con, list(proposed.deltas), proposed.base, author, message,
        mode=options.mode, files=proposed.files, sample=proposed.is_sample,
        originals=() if _names_somebody(proposed) else keep(store, uploads),
    )  # fmt: skip
    _remember(store, proposed, options, author)
    return version


def _names_somebody(proposed: Draft) -> bool:
    """Whether a file has names of officers: it is then kept nowhere."""
    if any(item.code == "personal-id" for item in proposed.problems):
        return True
    of_officers = [item for item in proposed.taken if "officer_id" in item.columns]
    found = [persons(item.known_by) for item in of_officers]
    return any(item.nameless for item in of_officers) or any(who and who.taken_out for who in found)


def originals(store: Store) -> Files:
    """Return what keeps every published file as it came, named by its content."""
    return files_of(store.settings, "originals")


def keep(store: Store, uploads: Iterable[Upload]) -> tuple[dict[str, str], ...]:
    """Keep the files as they came, before they are published; returns what the version notes.

    Raises NotWritable when they can't be kept.
    """
    kept, files = [], originals(store)
    for upload in uploads:
        digest = fingerprint(upload.path)
        if not files.has(digest):
            files.put(digest, upload.path)
        kept.append({"name": upload.name, "sha256": digest})
    return tuple(kept)


def _remember(store: Store, proposed: Draft, options: Options, author: str) -> None:
    """Remember how each header set was read that needed more than its own words, and the names
    decided; not so where that can't be written, for the version is there.
    """
    with suppress(NotWritable):
        _save_readings(store, proposed, options, author)


def _save_readings(store: Store, proposed: Draft, options: Options, author: str) -> None:
    appdb, now, said = AppDatabase(store.settings.state), datetime.now(UTC), options.reading
    for item in proposed.taken:
        used, learned = _of_table(said, item), proposed.learned.get(item.name)
        used = replace(used, sheets=item.sheets, shape=item.shape or said.shape)
        if not used.record() and not (learned and learned.is_told):
            continue
        used = Reading.of(appdb.readings.of(item.known_by)).then(used)
        orders = {name: order for name, order in used.dates.items() if name != EVERY}
        orders |= learned.told_orders if learned else {}
        record = replace(used, dataset=item.dataset, dates=orders).record()
        appdb.readings.save(item.known_by, record, author, now, item.file)
    if said.names:
        names = {key.lower(): to for key, to in said.names.items()}
        appdb.readings.remember_names(names, author, now)
    appdb.close()


def _of_table(said: Reading, item: Taken) -> Reading:
    """Return what was said that concerns one table; which department a name means is for all."""
    return replace(
        said,
        columns={label: name for label, name in said.columns.items() if label in item.header},
        constants={name: v for name, v in said.constants.items() if name not in item.columns},
        rows={label: words for label, words in said.rows.items() if label in item.header},
        words={name: words for name, words in said.words.items() if name in item.columns},
        names={},
    )
