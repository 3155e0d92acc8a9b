"""The letters command: a letter with a report card to each department, on paper or by mail."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from onemind import metrics, settings
from onemind.appdb import AppDatabase
from onemind.appdb.sending import SENT
from onemind.campaign import Filter
from onemind.cli import activity
from onemind.cli.arguments import day, opened
from onemind.documents import letters as documents
from onemind.documents.letters import Letter, Text
from onemind.errors import NotPossibleNow, WrongUse
from onemind.store import Store, Version
from onemind.words import counted, some

FINE, PROBLEMS = 0, 1


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `letters` takes."""
    add = command.add_argument
    add("--where", action="append", default=[], metavar="DIMENSION=VALUE",
        help="only these departments, such as stage=overdue; may be repeated")  # fmt: skip
    add("--as-of", type=day, metavar="DATE", help="as on this day (default: today)")
    add("--version", type=int, help="as published in this version (default: newest)")
    add("-o", "--output", type=Path, metavar="FILE",
        help="a .pdf of all letters, or a .zip with letters, drafts and addresses")  # fmt: skip
    add("--text", type=Path, metavar="FILE.txt",
        help="the text from now on: its first line is the subject")  # fmt: skip
    add("--show-text", action="store_true", help="print the text and its fields; nothing else")
    add("--send", metavar="PHRASE",
        help="send them by mail; PHRASE confirms it, such as '12 letters'")  # fmt: skip
    add("--author", help="who sends them (default: the user of this computer)")


def letters(args: argparse.Namespace) -> int:
    """Write the letters to a file, send them, or say who would get one."""
    with closing(AppDatabase(settings.load().state)) as appdb, opened() as store:
        if args.text:
            _take(appdb, args.text, activity.author(args))
        if args.show_text:
            return _shown(args, documents.current(appdb))
        chosen, version = _chosen(args), store.version(args.version)
        made = documents.letters(
            store, chosen, documents.current(appdb), _answer_to(store), date.today()
        )
        assert version
        if args.output:
            _write(args.output, made, store, version)
        if args.send is not None:
            return _sent(args, appdb, store, made, version)
        return _told(args, appdb, made)


def _chosen(args: argparse.Namespace) -> Filter:
    return replace(Filter.from_pairs(args.where), as_of=args.as_of, version=args.version)


def _answer_to(store: Store) -> str:
    return store.settings.contact or store.settings.mail_from


def _take(appdb: AppDatabase, path: Path, author: str) -> None:
    try:
        subject, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path} can't be read: {error}.") from error
    documents.save(appdb, Text(subject, body), author, datetime.now(UTC), activity.HERE)


def _shown(args: argparse.Namespace, text: Text) -> int:
    if args.json:
        known = {"subject": text.subject, "body": text.body, "fields": documents.FIELDS}
        print(metrics.export.to_json(known))
        return FINE
    print(f"{text.subject}\n\n{text.body}\n")
    for name, words in documents.FIELDS.items():
        print(f"{{{name}}}: {words}")
    return FINE


def _write(path: Path, made: Sequence[Letter], store: Store, version: Version) -> None:
    kind, published = path.suffix.lower(), version.published_at
    if kind == ".pdf":
        content = documents.together(made, published)
    elif kind == ".zip":
        sender = store.settings.mail_from
        content = documents.bundle(made, sender, published, datetime.now(UTC))
    else:
        raise WrongUse(f"{path} is neither a .pdf nor a .zip. Name the file with one of the two.")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise NotPossibleNow(f"{path} can't be written: {error.strerror}.") from error


def _sent(
    args: argparse.Namespace,
    appdb: AppDatabase,
    store: Store,
    made: Sequence[Letter],
    version: Version,
) -> int:
    by = (activity.author(args), activity.HERE)
    standing = documents.send(
        appdb, store.settings, made, args.send, by, version.published_at, lambda: datetime.now(UTC)
    )
    by_id = {item.department_id: item for item in made}
    rows = [
        {"department_id": name, "name": by_id[name].name, "to": message.recipient,
         "state": message.state, "says": message.outcome}
        for name, message in standing.items()
    ]  # fmt: skip
    if args.json:
        print(metrics.export.to_json(rows))
    for row in () if args.json else rows:
        print(f"{row['state']}  {row['name']}  {row['to']}  {row['says']}".rstrip())
    if not args.json:
        print(_nowhere(made))
    return FINE if all(row["state"] == SENT for row in rows) else PROBLEMS


def _told(args: argparse.Namespace, appdb: AppDatabase, made: Sequence[Letter]) -> int:
    plan = documents.sending(appdb, made)
    if args.json:
        print(metrics.export.to_json({
            "file": str(args.output) if args.output else None,
            "letters": len(made),
            "to_confirm": plan.phrase,
            "in_outbox": len(plan.known),
            "without_address": [item.department_id for item in plan.nowhere],
        }))  # fmt: skip
        return FINE
    print(
        f"{counted(len(made), 'letter')}" + (f" written to {args.output}." if args.output else ".")
    )
    print(_nowhere(made))
    if not args.output:
        print(f"-o FILE.pdf or FILE.zip writes them; --send '{plan.phrase}' sends them by mail.")
    return FINE


def _nowhere(made: Sequence[Letter]) -> str:
    """Say which departments have no address that can be used."""
    without = [item for item in made if not item.address]
    if not without:
        return "Each department has an email address."
    listed = [f"{item.name}{f' ({item.given})' if item.given else ''}" for item in without]
    names = some(listed, len(listed))
    return f"{counted(len(without), 'department')} without a usable email address: {names}."
