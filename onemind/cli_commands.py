"""What each command does: arguments in, words or JSON on standard output, an exit code back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from onemind import (
    cli_activity,
    cli_print,
    doctor_access,
    exports,
    ingest,
    metrics,
    settings,
    store_publish,
    store_tidy,
)
from onemind import doctor as diagnosis
from onemind.cli_activity import author
from onemind.errors import CheckFailed, NothingChanged, WrongUse
from onemind.filters import Filter
from onemind.problem import summary
from onemind.store import Store

FINE, PROBLEMS, UNFIT = 0, 1, 3


@contextmanager
def _store() -> Iterator[Store]:
    store = Store(settings.load())
    try:
        yield store
    finally:
        store.close()


def _options(given: argparse.Namespace) -> ingest.Options:
    return ingest.Options(
        today=date.today(),
        mode=given.mode,
        dataset=given.dataset,
        renames=dict(_pair(text) for text in given.map),
        constants=dict(_pair(text, first=True) for text in given.set),
        names=dict(_pair(text) for text in given.name),
        sheets=tuple(given.sheet),
        skip_bad_rows=getattr(given, "skip_bad_rows", False),
        allow_shrink=given.allow_shrink,
        say=_say,
    )


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"{text} …", file=sys.stderr)


def _pair(text: str, *, first: bool = False) -> tuple[str, str]:
    """Part NAME=VALUE at its first sign, or at its last: a header or a name may have one too."""
    name, sign, value = text.partition("=") if first else text.rpartition("=")
    if not sign or not name:
        raise WrongUse(f"'{text}' is not of the form NAME=VALUE.")
    return name.strip(), value.strip()


def _uploads(given: argparse.Namespace) -> list[ingest.Upload]:
    """The files named; looking at them begins at once, before the store is open."""
    for path in given.files:
        ingest.foresee(path, settings.load().max_upload)
    return [ingest.Upload(path, path.name) for path in given.files]


def check(given: argparse.Namespace) -> int:
    """Print every problem of the files; 1 when one of them blocks a publish."""
    uploads = _uploads(given)
    with _store() as store, ingest.draft(store, uploads, _options(given)) as (made, _):
        cli_print.problems(given, made.problems)
        return PROBLEMS if made.errors else FINE


def diff(given: argparse.Namespace) -> int:
    """Print what publishing the files would change; 1 when a problem blocks it."""
    from onemind.preview import effect  # it loads pandas, which checking and publishing do without
    from onemind.preview_words import sentences

    uploads = _uploads(given)
    with _store() as store, ingest.draft(store, uploads, _options(given)) as (made, con):
        if given.json:
            print(exports.to_json([item.record() for item in made.diffs]))
        else:
            cli_print.diffs(made.diffs)
            if not all(item.empty for item in made.diffs):
                print(*sentences(effect(store, con, made, date.today())), sep="\n")
        if made.errors:
            print(summary(made.problems), file=sys.stderr)
        return PROBLEMS if made.errors else FINE


def publish(given: argparse.Namespace) -> int:
    """Publish the files; a publish that would change nothing is fine and says so."""
    uploads = _uploads(given)
    with _store() as store:
        try:
            version, made = ingest.publish(
                store, uploads, _options(given), author(given), _message(given)
            )
        except NothingChanged as same:
            return cli_print.unchanged(given, same)
        why = {"why": version.message, "files": len(given.files)}
        cli_activity.note(version.author, "publish", f"version {version.number}", **why)
        warned = summary(made.problems) if made.problems else ""
        dropped = "The sample campaign was dropped." if made.drops_sample else ""
        return cli_print.published(given, version, dropped, warned)


def refused(given: argparse.Namespace, error: CheckFailed) -> int:
    """Print why files were refused."""
    print(f"{summary(error.problems)} Nothing was published.", file=sys.stderr)
    cli_print.problems(given, tuple(error.problems))
    return PROBLEMS


def versions(given: argparse.Namespace) -> int:
    """Print all versions, newest first."""
    with _store() as store:
        found = store.versions()[::-1]
    if given.json:
        print(exports.to_json([version.record() for version in found]))
    for version in () if given.json else found:
        when = f"{version.published_at.astimezone():%Y-%m-%d %H:%M}"
        print(f"{version.number:>5}  {when}  {version.author}  {version.message}")
    return FINE


def restore(given: argparse.Namespace) -> int:
    """Publish a new version equal to an old one."""
    with _store() as store:
        try:
            version = store_publish.restore(store, given.version, author(given), _message(given))
        except NothingChanged as same:
            return cli_print.unchanged(given, same)
        old = {"of": f"version {given.version}", "why": version.message}
        cli_activity.note(version.author, "restore", f"version {version.number}", **old)
        return cli_print.published(given, version)


def compare(given: argparse.Namespace) -> int:
    """Print how two versions differ."""
    with _store() as store:
        diffs = store_publish.compare_versions(store, given.before, given.after)
    if given.json:
        print(exports.to_json([item.record() for item in diffs]))
    else:
        cli_print.diffs(diffs)
    return FINE


def progress(given: argparse.Namespace) -> int:
    """Print where each department stands."""
    chosen = _filter(given)
    if given.state:
        chosen = replace(chosen, state=(given.state,))
    with _store() as store:
        cli_print.result(given, metrics.progress(store, chosen, date.today()))
    return FINE


def query(given: argparse.Namespace) -> int:
    """Print one number for each group asked for."""
    by = tuple(name for part in given.by for name in part.split(","))
    asked = metrics.Query(given.metric, by, _filter(given))
    with _store() as store:
        cli_print.result(given, metrics.query(store, asked, date.today()))
    return FINE


def export(given: argparse.Namespace) -> int:
    """Print a dataset as CSV, or write it to a file."""
    with _store() as store:
        found = exports.dataset(store, given.dataset, given.version)
    cli_activity.note(settings.operating_system_user(), "export", f"{given.dataset}.csv")
    text = (
        exports.to_json(found.records())
        if given.json
        else exports.to_csv(found.columns, found.rows)
    )
    if given.output:
        given.output.write_text(text, encoding="utf-8", newline="")
        print(f"{len(found.rows):,} rows written to {given.output}.", file=sys.stderr)
    else:
        sys.stdout.write(text)
    return FINE


def tidy(given: argparse.Namespace) -> int:
    """Merge the store's small files into few."""
    with _store() as store:
        found = store_tidy.tidy(store)
    if given.json:
        print(exports.to_json({"files_before": found.before, "files_after": found.after}))
    else:
        print(
            f"The newest version was read from {found.before:,} files and now is from "
            f"{found.after:,}. No version was changed."
        )
    return FINE


def doctor(given: argparse.Namespace) -> int:
    """Check the installation and the store; 3 when something is unfit."""
    findings = [*diagnosis.examine(settings.load()), *doctor_access.examine(settings.load())]
    if given.json:
        print(exports.to_json([finding.record() for finding in findings]))
    for finding in () if given.json else findings:
        print(f"{'ok  ' if finding.sound else 'BAD '} {finding.subject}: {finding.says}")
    return FINE if all(finding.sound for finding in findings) else UNFIT


def _filter(given: argparse.Namespace) -> Filter:
    return replace(Filter.from_pairs(given.where), as_of=given.as_of, version=given.version)


def _message(given: argparse.Namespace) -> str:
    text = str(given.message).strip()
    if not text:
        raise WrongUse("Say why with -m: the message stands in the list of versions.")
    return text


def day(text: str) -> date:
    """Read a date such as 2017-09-20; the wording of a refusal is argparse's."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a date; write it as 2017-09-20"
        ) from None
