"""Uploaded files become parts: each table read, matched to a dataset, staged; nothing compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from onemind import ingest
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.ingest import (
    CheckFailed,
    Match,
    Part,
    Problem,
    Reading,
    Source,
    Table,
    Terms,
    Upload,
    WrittenName,
)  # fmt: skip
from onemind.publishing.options import Options, Taken
from onemind.store import Connection, Store, relation
from onemind.words import counted, some

SKIPPED = ("unknown-dataset", "empty-file")  # a table of these is skipped if its file has others


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
        names = {name.lower(): to for name, to in self.options.reading.names.items()}
        published = f"from ({relation('departments', self.store.current())})"
        columns = "department_id, name, municipality, county, state"
        return ingest.roster(
            self.con, f"select {columns} {published}", {**self.appdb.readings.names(), **names}
        )

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


@dataclass(frozen=True)
class TableResult:
    """What became of one table: its part, or why it was refused; `header` once it was read."""

    name: str
    header: tuple[str, ...] | None = None
    part: Part | None = None
    taken: Taken | None = None
    problems: tuple[Problem, ...] = ()
    refused: bool = False


@dataclass(frozen=True)
class Intake:
    """The tables of all files; `sheets` are those of workbooks with several, used or not."""

    tables: tuple[TableResult, ...]
    sheets: tuple[str, ...]

    @property
    def parts(self) -> dict[str, list[Part]]:
        """The parts of each dataset, in the order of the files."""
        parts: dict[str, list[Part]] = defaultdict(list)
        for table in self.tables:
            if table.part:
                parts[table.part.match.dataset].append(table.part)
        return dict(parts)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """The tables that were staged."""
        return tuple(table.taken for table in self.tables if table.taken)

    @property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """The header of each table that could be read, staged or not."""
        return {table.name: table.header for table in self.tables if table.header is not None}

    @property
    def problems(self) -> list[Problem]:
        """What was wrong with whole tables."""
        return [problem for table in self.tables for problem in table.problems]

    @property
    def refused(self) -> bool:
        """Whether a table that should have been staged was not."""
        return any(table.refused for table in self.tables)


def take_in(context: Context, uploads: Sequence[Upload]) -> Intake:
    """Read, match and stage every table of the files; problems are in the result."""
    numbers = count()
    tables: list[TableResult] = []
    sheets: list[str] = []
    for upload in uploads:
        context.options.say(f"Reading {upload.name}")
        try:
            listed = _tables(context, upload)
        except CheckFailed as error:
            tables.append(TableResult(upload.name, problems=tuple(error.problems), refused=True))
            continue
        if len(listed) > 1:
            sheets += [table.sheet for table in listed if table.sheet]
        chosen = [table for table in listed if _is_wanted(table, context.options)]
        tables += [_hidden(table) for table in listed if table.hidden and table not in chosen]
        results = [result for table in chosen
                   for result in _taken_in(context, upload, table, numbers)]  # fmt: skip
        tables += _without_side_tables(results)
    return Intake(tuple(tables), tuple(sheets))


def _tables(context: Context, upload: Upload) -> list[Table]:
    limit = context.store.settings.max_upload
    return ingest.tables(upload.path, upload.name, context.folder, limit)


def _is_wanted(table: Table, options: Options) -> bool:
    if table.hidden or (options.sheets and table.sheet):
        return table.sheet in options.sheets
    return True


def _hidden(table: Table) -> TableResult:
    """Say that a sheet which the workbook hides is not used."""
    message = (
        f"{table.name} is hidden in the workbook and is not used. "
        "Choose it among the sheets if it belongs to the data."
    )
    problem = Problem(table.name, None, None, None, "sheet-not-used", None, message)
    return TableResult(table.name, problems=(problem,))


def _taken_in(
    context: Context, upload: Upload, table: Table, numbers: Iterator[int]
) -> Iterator[TableResult]:
    """Read and stage one table, or the several it holds; a refusal is in the result."""
    renamed = frozenset(map(ingest.plain, context.labels()))
    limit = context.store.settings.max_upload
    try:
        source = ingest.read(table.path, table.name, context.folder, limit, renamed)
    except CheckFailed as error:
        yield TableResult(table.name, problems=tuple(error.problems), refused=True)
        return
    number, unknown = next(numbers), list[int]()
    if context.options.pseudonyms:
        secret = context.appdb.secrets.get(PSEUDONYMS)
        source, unknown = ingest.with_pseudonyms(
            source, secret, context.department_of, context.folder
        )
    if unknown:
        yield _no_department(source, unknown)
        return
    part = _plain(context, table, source, number)
    if part:
        yield _result(context, upload, table, part)
        return
    for block in ingest.blocks(source, context.store.rules.words("courses"), context.folder):
        yield _checked(context, upload, table, block, next(numbers))


def _plain(context: Context, table: Table, source: Source, number: int) -> Part | None:
    """Stage a table by the fast path; None where it can't take it, or is in another shape."""
    if ingest.is_wide(source.header, context.store.rules.words("courses")):
        return None
    try:
        match, terms = _matched(context, table, source)
        return ingest.stage_plain(context.con, source, match, context.store.rules, number, terms)
    except CheckFailed:
        return None  # the reason is found again


def _no_department(source: Source, rows: list[int]) -> TableResult:
    message = (
        f"Row {rows[0]}: its department is not known yet. Pseudonyms are made of name and "
        f"department, so publish the departments first ({counted(len(rows), 'row')})."
    )
    problem = Problem(source.name, None, rows[0], None, "pseudonym", None, message)
    return TableResult(source.name, source.header, problems=(problem,), refused=True)


def _matched(context: Context, table: Table, source: Source) -> tuple[Match, Terms]:
    said = _said(context, table, source.header)
    match = ingest.match(source, said.dataset, said.columns, said.constants)
    options = context.options
    return match, Terms(options.today, said, options.fast_path, table.hidden_rows)


def _checked(
    context: Context, upload: Upload, table: Table, source: Source, number: int
) -> TableResult:
    try:
        match, terms = _matched(context, table, source)
        part = ingest.stage(context.con, source, match, context.store.rules, number, terms)
    except CheckFailed as error:
        return TableResult(source.name, source.header, problems=tuple(error.problems), refused=True)
    return _result(context, upload, table, part)


def _result(context: Context, upload: Upload, table: Table, part: Part) -> TableResult:
    source, match = part.source, part.match
    taken = Taken(
        source.name, upload.name, table.sheet, match.dataset, source.sha256, source.header,
        match.columns, ingest.count(context.con, part), source.nameless,
    )  # fmt: skip
    deciding = {rule.header for rule in part.learned.rules if rule.decides}
    unused = [item for item in match.warnings if item.column not in deciding]
    problems = (*source.warnings, *unused, *_unseen(table, part), *_shape(part))
    return TableResult(source.name, source.header, part, taken, problems)


def _shape(part: Part) -> Iterator[Problem]:
    """Say in which shape the table was, and which of its rows are none."""
    for note in part.source.notes:
        yield part.problem("shape", None, None, None, note)
    why = {
        "no course": "no date and no yes under any course",
        "repeats the header": "the header again",
    }
    for reason, rows in part.source.left_out.items():
        if reason in why:
            message = f"{counted(rows, 'row')} left out: {why[reason]}."
            yield part.problem("left-out", None, None, None, message)


def _unseen(table: Table, part: Part) -> Iterator[Problem]:
    """Say what the workbook shows otherwise than it stores."""
    first = part.source.above + 2
    if filled := [row for row in table.filled if row >= first]:
        message = (
            f"{counted(len(filled), 'row')} read from merged cells, the first is {filled[0]}: "
            "a merged cell counts in each of its rows."
        )
        yield part.problem("merged-cell", filled[0], None, None, message)
    if table.valueless:
        message = (
            f"{some(table.valueless)}: formulas without a value. "
            "Open the workbook in a spreadsheet program, save it, and upload it again."
        )
        yield part.problem("no-value", None, None, None, message)


def _said(context: Context, table: Table, header: tuple[str, ...]) -> Reading:
    """Return what is remembered of a set of headers, and what was said of these files."""
    options = context.options
    dataset = options.dataset or options.datasets.get(table.name)
    return context.remembered(header).then(options.reading).then(Reading(dataset=dataset))


def _without_side_tables(results: Sequence[TableResult]) -> list[TableResult]:
    """Skip the tables of a file that are no dataset, where others of it are one."""
    if not any(result.part for result in results):
        return list(results)
    staged = [result for result in results if not result.refused]
    return staged + [_skipped(result) for result in results if result.refused]


def _skipped(result: TableResult) -> TableResult:
    """Turn the errors of a table that is no dataset into notes that it is not used."""
    problems = tuple(
        Problem(
            item.file, None, None, None, "sheet-not-used", None,
            f"{item.file} is not used: {item.message}",
        )
        if item.code in SKIPPED else item
        for item in result.problems
    )  # fmt: skip
    refused = any(item.code not in SKIPPED for item in result.problems)
    return TableResult(result.name, result.header, problems=problems, refused=refused)
