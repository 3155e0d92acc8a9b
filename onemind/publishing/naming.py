"""Files that name officers: told apart, and written anew with pseudonyms, before they are kept.

What is looked at lies in memory where the system has such a folder, and is gone afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from onemind import ingest
from onemind.campaign import contract
from onemind.ingest import CheckFailed, Problem, Source, Table, Upload
from onemind.publishing.context import Context, opened, private_folder, with_pseudonyms
from onemind.publishing.options import Options
from onemind.store import Store
from onemind.words import counted

LOOKED = 100_000  # rows whose officer is looked at


@contextmanager
def held(files: Iterable[tuple[str, bytes]]) -> Iterator[list[Upload]]:
    """Lend files as uploads that are kept nowhere."""
    with private_folder(True) as folder:
        uploads = []
        for number, (name, content) in enumerate(files):
            path = folder / str(number)
            path.write_bytes(content)
            uploads.append(Upload(path, name))
        yield uploads


def naming(store: Store, uploads: Sequence[Upload], options: Options) -> tuple[str, ...]:
    """Return the names of the tables that name officers; files that can't be read have none."""
    with opened(store, options, in_memory=True) as context:
        found = []
        for upload in uploads:
            try:
                tables = _sources(context, upload)
            except CheckFailed:
                continue  # the check says why
            found += [source.name for _, source in tables if _names(context, source)]
        return tuple(found)


def nameless(store: Store, uploads: Sequence[Upload], options: Options) -> list[tuple[str, bytes]]:
    """Return files by name with pseudonyms for the names of officers; others as they are.

    A table that names somebody becomes a CSV of its own. Raises CheckFailed where a department is
    not known, for a pseudonym is made of name and department.
    """
    with opened(store, options, in_memory=True) as context:
        return [file for upload in uploads for file in _without_names(context, upload)]


def _sources(context: Context, upload: Upload) -> list[tuple[Table, Source]]:
    """Return the tables of a file that it does not hide, with what they hold."""
    shown = [table for table in context.tables(upload) if not table.hidden]
    return [(table, context.read(table)) for table in shown]


def _names(context: Context, source: Source) -> bool:
    """Whether a table is about officers and names them."""
    who = ingest.persons(source.header)
    if who is None or not _is_about_officers(context, source, who):
        return False
    if who.taken_out:
        return True
    rows = islice(source.records(), LOOKED)
    at = who.officer
    return at is not None and any(len(row) > at and ingest.is_name(row[at]) for _, row in rows)


def _is_about_officers(context: Context, source: Source, who: ingest.Persons) -> bool:
    """Whether a table is one of certificates or a roster, once its names are officers' ids."""
    gone = {*who.taken_out, who.officer}
    rest = [label for at, label in enumerate(source.header) if at not in gone]
    made = replace(source, header=("officer_id", *rest))
    if ingest.is_wide(made.header, context.store.rules.words("courses")):
        return True
    try:
        dataset: str | None = ingest.match(made).dataset
    except CheckFailed as error:
        dataset = next((item.dataset for item in error.problems if item.dataset), None)
    if dataset is None:  # "Name" alone may be a department's
        return {ingest.plain(source.header[at]) for at in who.taken_out} > {"name"}
    return "officer_id" in contract(dataset).columns


def _without_names(context: Context, upload: Upload) -> Iterator[tuple[str, bytes]]:
    tables = _sources(context, upload)
    naming = {source.name for _, source in tables if _names(context, source)}
    if not naming:
        yield upload.name, upload.path.read_bytes()
        return
    for table, source in tables:
        name = f"{table.name}.csv" if len(tables) > 1 else f"{Path(upload.name).stem}.csv"
        if table.hidden_rows:
            raise CheckFailed([_hides(table)])
        if source.name in naming:
            source = with_pseudonyms(context, source)
        yield name, source.path.read_bytes()


def _hides(table: Table) -> Problem:
    rows = counted(len(table.hidden_rows), "row")
    message = (
        f"{table.name} names officers and hides {rows}. Show those rows or delete them in the "
        "workbook, and upload it again."
    )
    return Problem(table.name, None, table.hidden_rows[0], None, "pseudonym", None, message)
