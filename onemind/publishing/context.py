"""What a draft is made with, and what it knows of departments and readings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from onemind import ingest
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.ingest import CheckFailed, Problem, Reading, Source, Table, Upload, WrittenName
from onemind.publishing.options import Options
from onemind.settings import IN_MEMORY
from onemind.store import Connection, Store, relation
from onemind.words import counted

ROSTER = "department_id, name, municipality, county, state"


@contextmanager
def private_folder(in_memory: bool) -> Iterator[Path]:
    """Lend a folder of one's own; one in memory, where that is wanted and the system has it."""
    where = IN_MEMORY if in_memory and os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Context:
    """What a draft is made with; `folder` holds what files are unpacked into."""

    store: Store
    appdb: AppDatabase
    con: Connection
    options: Options
    folder: Path

    @cached_property
    def roster(self) -> ingest.Roster:
        """The departments that are published, found by name or id."""
        published = relation("departments", self.store.current())
        return self.roster_of(f"select {ROSTER} from ({published})")

    def roster_of(self, departments: str) -> ingest.Roster:
        """Return departments (a SELECT of ROSTER) to be found by name, also as somebody decided."""
        names = {name.lower(): to for name, to in self.options.reading.names.items()}
        return ingest.roster(self.con, departments, {**self.appdb.readings.names(), **names})

    def tables(self, upload: Upload) -> list[Table]:
        """Return the tables of a file; raises CheckFailed where it can't be unpacked."""
        limit = self.store.settings.max_upload
        return ingest.tables(upload.path, upload.name, self.folder, limit)

    def read(self, table: Table) -> Source:
        """Return what a table holds; raises CheckFailed where it can't be read."""
        renamed = frozenset(map(ingest.plain, self.labels()))
        limit = self.store.settings.max_upload
        return ingest.read(table.path, table.name, self.folder, limit, renamed)

    def department_of(self, text: str) -> str | None:
        """Return the id of a department as a file writes it, None where it is not known."""
        return text if text in self.roster.by_id else self.roster.find(WrittenName(text), False).id

    def labels(self) -> Iterable[str]:
        """Return the headers that somebody mapped to a column."""
        named = self.remembered(()) if self.options.reading_name else Reading()
        return {**named.columns, **self.options.reading.columns}

    def remembered(self, header: tuple[str, ...]) -> Reading:
        """Return the reading named for these files, else what is remembered of their headers."""
        if self.options.reading_name:
            return Reading.of(self.appdb.readings.named(self.options.reading_name).record)
        return Reading.of(self.appdb.readings.of(header))

    def shape_of(self, header: tuple[str, ...]) -> str:
        """Return the shape that a table with a header is said to have, "" if it is to be found."""
        return self.options.reading.shape or self.remembered(header).shape


@contextmanager
def opened(store: Store, options: Options, in_memory: bool) -> Iterator[Context]:
    """Lend what a draft is made with; files are unpacked in memory where that is wanted."""
    appdb = AppDatabase(store.settings.state)
    try:
        with private_folder(in_memory) as folder, store.cursor() as con:
            yield Context(store, appdb, con, options, folder)
    finally:
        appdb.close()


def with_pseudonyms(context: Context, source: Source) -> Source:
    """Return a table with pseudonyms; raises CheckFailed where a department is not known."""
    secret = context.appdb.secrets.get(PSEUDONYMS)
    made, unknown = ingest.with_pseudonyms(source, secret, context.department_of, context.folder)
    if unknown:
        raise CheckFailed([_no_department(source, unknown)])
    return made


def _no_department(source: Source, rows: list[int]) -> Problem:
    who = ingest.persons(source.header)
    if who and who.department is None:
        message = (
            f"{source.name} has no column for the department. Pseudonyms are made of name and "
            "department, so add a column with the department of each row."
        )
    else:
        message = (
            f"Row {rows[0]}: its department is not known yet. Pseudonyms are made of name and "
            f"department, so publish the departments first ({counted(len(rows), 'row')})."
        )
    return Problem(source.name, None, rows[0], None, "pseudonym", None, message)
