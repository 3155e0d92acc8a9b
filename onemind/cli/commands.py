"""What each command does: arguments in, words or JSON on standard output, an exit code back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from onemind import doctor as diagnosis
from onemind import ingest, metrics, publishing, settings
from onemind.campaign import Filter
from onemind.cli import activity, output
from onemind.cli.activity import author
from onemind.errors import NothingChanged, OneMindError, WrongUse
from onemind.ingest import CheckFailed, summary
from onemind.store import Store, compact
from onemind.store import publish as store_publish
from onemind.store.publish import compare_versions

FINE, PROBLEMS, UNFIT = 0, 1, 3


@contextmanager
def _store() -> Iterator[Store]:
    store = Store(settings.load())
    try:
        yield store
    finally:
        store.close()


def _options(args: argparse.Namespace) -> publishing.Options:
    return publishing.Options(
        today=date.today(),
        mode=args.mode,
        dataset=args.dataset,
        renames=dict(_pair(text) for text in args.map),
        constants=dict(_pair(text, first=True) for text in args.set),
        names=dict(_pair(text) for text in args.name),
        sheets=tuple(args.sheet),
        skip_bad_rows=getattr(args, "skip_bad_rows", False),
        allow_shrink=args.allow_shrink,
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


def _uploads(args: argparse.Namespace) -> list[ingest.Upload]:
    """The files named; looking at them begins at once, before the store is open."""
    for path in args.files:
        publishing.prefetch(path, settings.load().max_upload)
    return [ingest.Upload(path, path.name) for path in args.files]


def check(args: argparse.Namespace) -> int:
    """Print every problem of the files; 1 when one of them blocks a publish."""
    uploads = _uploads(args)
    with _store() as store, publishing.draft(store, uploads, _options(args)) as (draft, _):
        output.problems(args, draft.problems)
        return PROBLEMS if draft.errors else FINE


def diff(args: argparse.Namespace) -> int:
    """Print what publishing the files would change; 1 when a problem blocks it."""
    from onemind.publishing import (
        effect,  # it loads pandas, which checking and publishing do without
        sentences,
    )

    uploads = _uploads(args)
    with _store() as store, publishing.draft(store, uploads, _options(args)) as (draft, con):
        if args.json:
            print(metrics.export.to_json([item.record() for item in draft.diffs]))
        else:
            output.diffs(draft.diffs)
            if not all(item.empty for item in draft.diffs):
                print(*sentences(effect(store, con, draft, date.today())), sep="\n")
        if draft.errors:
            print(summary(draft.problems), file=sys.stderr)
        return PROBLEMS if draft.errors else FINE


def publish(args: argparse.Namespace) -> int:
    """Publish the files; a publish that would change nothing is fine and says so."""
    uploads = _uploads(args)
    with _store() as store:
        try:
            version, draft = publishing.publish(
                store, uploads, _options(args), author(args), _message(args)
            )
        except NothingChanged as same:
            return output.unchanged(args, same)
        why = {"why": version.message, "files": len(args.files)}
        activity.note(version.author, "publish", f"version {version.number}", **why)
        warned = summary(draft.problems) if draft.problems else ""
        dropped = "The sample campaign was removed." if draft.drops_sample else ""
        return output.published(args, version, dropped, warned)


def refused(args: argparse.Namespace, error: CheckFailed) -> int:
    """Print why files were refused."""
    print(f"{summary(error.problems)} Nothing was published.", file=sys.stderr)
    output.problems(args, tuple(error.problems))
    return PROBLEMS


def versions(args: argparse.Namespace) -> int:
    """Print all versions, newest first."""
    with _store() as store:
        newest_first = store.versions()[::-1]
    if args.json:
        print(metrics.export.to_json([version.record() for version in newest_first]))
    for version in () if args.json else newest_first:
        when = f"{version.published_at.astimezone():%Y-%m-%d %H:%M}"
        print(f"{version.number:>5}  {when}  {version.author}  {version.message}")
    return FINE


def restore(args: argparse.Namespace) -> int:
    """Publish a new version equal to an old one."""
    with _store() as store:
        try:
            version = store_publish.restore(store, args.version, author(args), _message(args))
        except NothingChanged as same:
            return output.unchanged(args, same)
        old = {"of": f"version {args.version}", "why": version.message}
        activity.note(version.author, "restore", f"version {version.number}", **old)
        return output.published(args, version)


def compare(args: argparse.Namespace) -> int:
    """Print how two versions differ."""
    with _store() as store:
        diffs = compare_versions(store, args.before, args.after)
    if args.json:
        print(metrics.export.to_json([item.record() for item in diffs]))
    else:
        output.diffs(diffs)
    return FINE


def progress(args: argparse.Namespace) -> int:
    """Print where each department stands."""
    chosen = _filter(args)
    if args.state:
        chosen = replace(chosen, state=(args.state,))
    with _store() as store:
        output.result(args, metrics.progress(store, chosen, date.today()))
    return FINE


def query(args: argparse.Namespace) -> int:
    """Print one number for each group asked for."""
    by = tuple(name for part in args.by for name in part.split(","))
    asked = metrics.Query(metrics.metric_name(args.metric), by, _filter(args))
    with _store() as store:
        output.result(args, metrics.query(store, asked, date.today()))
    return FINE


def export(args: argparse.Namespace) -> int:
    """Print a dataset as CSV, or write it to a file."""
    with _store() as store:
        table = metrics.export.dataset(store, args.dataset, args.version)
    activity.note(settings.operating_system_user(), "export", f"{args.dataset}.csv")
    text = (
        metrics.export.to_json(table.records())
        if args.json
        else metrics.export.to_csv(table.columns, table.rows)
    )
    if args.output:
        args.output.write_text(text, encoding="utf-8", newline="")
        print(f"{len(table.rows):,} rows written to {args.output}.", file=sys.stderr)
    else:
        sys.stdout.write(text)
    return FINE


def compact_store(args: argparse.Namespace) -> int:
    """Merge the store's small files into few."""
    with _store() as store:
        files = compact.compact(store)
    if args.json:
        print(metrics.export.to_json({"files_before": files.before, "files_after": files.after}))
    else:
        print(
            f"The newest version was read from {files.before:,} files and now is from "
            f"{files.after:,}. No version was changed."
        )
    return FINE


def doctor(args: argparse.Namespace) -> int:
    """Check the installation and the store; 3 when something is unfit."""
    findings = [*diagnosis.examine(settings.load()), *_seams()]
    if args.json:
        print(metrics.export.to_json([finding.record() for finding in findings]))
    for finding in () if args.json else findings:
        print(f"{'ok  ' if finding.sound else 'BAD '} {finding.subject}: {finding.says}")
    return FINE if all(finding.sound for finding in findings) else UNFIT


def _seams() -> Iterator[diagnosis.Finding]:
    """Ask the server, which is loaded for this alone, how its seams to Streamlit stand."""
    from onemind import server

    try:
        for seam in server.standings():
            yield diagnosis.Finding(f"seam {seam.name}", seam.sound, seam.says)
    except OneMindError as error:
        yield diagnosis.Finding("seams", False, str(error))


def _filter(args: argparse.Namespace) -> Filter:
    return replace(Filter.from_pairs(args.where), as_of=args.as_of, version=args.version)


def _message(args: argparse.Namespace) -> str:
    text = str(args.message).strip()
    if not text:
        raise WrongUse("Give a reason with -m. It appears in the list of versions.")
    return text
