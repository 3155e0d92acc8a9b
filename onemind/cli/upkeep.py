"""The commands that look after a store: compact and doctor."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from onemind import doctor as diagnosis
from onemind import metrics, settings
from onemind.cli.arguments import opened
from onemind.errors import OneMindError
from onemind.store import compact

FINE, UNFIT = 0, 3


def nothing(command: argparse.ArgumentParser) -> None:
    """Declare that a command takes nothing of its own."""


def compact_store(args: argparse.Namespace) -> int:
    """Merge the store's small files into few."""
    with opened() as store:
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
