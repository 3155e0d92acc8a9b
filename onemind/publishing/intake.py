"""Uploaded files become parts: each table read, matched to a dataset, staged; nothing compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from onemind import ingest
from onemind.ingest import (
    COUNTS,
    LEFT_OUT,
    ROWS,
    CheckFailed,
    Match,
    Part,
    Problem,
    Reading,
    Source,
    Table,
    Terms,
    Upload,
)  # fmt: skip
from onemind.publishing.context import Context, with_pseudonyms
from onemind.publishing.options import Taken
from onemind.words import counted, some

SKIPPED = ("unknown-dataset", "empty-file")  # a table of these is skipped if its file has others


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
    """The tables of all files; `sheets` are those of workbooks with several, and whether they are
    used.
    """

    tables: tuple[TableResult, ...]
    sheets: Mapping[str, bool]

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
    sheets: dict[str, bool] = {}
    for upload in uploads:
        context.options.say(f"Reading {upload.name}")
        try:
            listed = context.tables(upload)
        except CheckFailed as error:
            tables.append(TableResult(upload.name, problems=tuple(error.problems), refused=True))
            continue
        opened = {} if context.options.sheets else _shown(context, listed)
        remembered, used = _sheets(context, listed, opened)
        sheets |= used
        chosen = [table for table in listed if used.get(table.sheet or "", True)]
        tables += [_not_used(table) for table in listed
                   if table not in chosen and not context.options.sheets]  # fmt: skip
        results = [
            _with_sheets(result, used if context.options.sheets or remembered else {})
            for table in chosen
            for result in _taken_in(context, upload, table, opened.get(table.name), numbers)
        ]
        tables += _without_side_tables(results)
    return Intake(tuple(tables), sheets)


def _shown(context: Context, listed: Sequence[Table]) -> dict[str, Source | TableResult]:
    """Read the tables that are not hidden, by name: what they hold may say which are used."""
    return {table.name: _opened(context, table) for table in listed if not table.hidden}


def _opened(context: Context, table: Table) -> Source | TableResult:
    """Read one table; a refusal is the result."""
    try:
        return context.read(table)
    except CheckFailed as error:
        return TableResult(table.name, problems=tuple(error.problems), refused=True)


def _sheets(
    context: Context, listed: Sequence[Table], opened: Mapping[str, Source | TableResult]
) -> tuple[bool, dict[str, bool]]:
    """Return whether it is remembered which sheets of a workbook are used, and which are.

    Those chosen now go before those remembered; a hidden one is used only if it was chosen.
    """
    names = {table.sheet: table.hidden for table in listed if table.sheet}
    if not names or (len(listed) < 2 and not any(names.values())):
        return False, {}
    if context.options.sheets:
        return False, {sheet: sheet in context.options.sheets for sheet in names}
    sources = [source for source in opened.values() if isinstance(source, Source)]
    said: dict[str, str] = {}
    for source in sources:
        said |= context.remembered(source.header).sheets
    used = {
        sheet: said[sheet] == COUNTS if sheet in said else not hidden
        for sheet, hidden in names.items()
    }
    return bool(said.keys() & names), used


def _with_sheets(result: TableResult, used: Mapping[str, bool]) -> TableResult:
    """Note which sheets of its workbook were chosen with a table."""
    if not result.taken or not used:
        return result
    sheets = {sheet: COUNTS if is_used else LEFT_OUT for sheet, is_used in used.items()}
    return replace(result, taken=replace(result.taken, sheets=sheets))


def _not_used(table: Table) -> TableResult:
    """Say why a sheet is not used: the workbook hides it, or it was not used last time."""
    why = "is hidden in the workbook and is not used" if table.hidden else "was left out last time"
    message = f"{table.name} {why}. Choose it among the sheets if it belongs to the data."
    problem = Problem(table.name, None, None, None, "sheet-not-used", None, message)
    return TableResult(table.name, problems=(problem,))


def _taken_in(
    context: Context,
    upload: Upload,
    table: Table,
    opened: Source | TableResult | None,
    numbers: Iterator[int],
) -> Iterator[TableResult]:
    """Stage one table, or the several it holds; a refusal is in the result."""
    source = opened or _opened(context, table)
    if isinstance(source, TableResult):
        yield source
        return
    number = next(numbers)
    if context.options.pseudonyms:
        try:
            source = with_pseudonyms(context, source)
        except CheckFailed as error:
            yield _refused(source, error)
            return
    part = _plain(context, table, source, number)
    if part:
        yield _result(context, upload, table, part)
        return
    courses = context.store.rules.words("courses")
    for block in ingest.blocks(source, courses, context.folder, context.shape_of):
        yield _checked(context, upload, table, block, next(numbers))


def _plain(context: Context, table: Table, source: Source, number: int) -> Part | None:
    """Stage a table by the fast path; None where it can't take it, or is in another shape."""
    is_wide = ingest.is_wide(source.header, context.store.rules.words("courses"))
    if is_wide and context.shape_of(source.header) != ROWS:
        return None
    try:
        match, terms = _matched(context, table, source)
        return ingest.stage_plain(context.con, source, match, context.store.rules, number, terms)
    except CheckFailed:
        return None  # the reason is found again


def _matched(context: Context, table: Table, source: Source) -> tuple[Match, Terms]:
    said = _said(context, table, source.written or source.header)
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
        return _refused(source, error)
    return _result(context, upload, table, part)


def _refused(source: Source, error: CheckFailed) -> TableResult:
    return TableResult(source.name, source.header, problems=tuple(error.problems), refused=True)


def _result(context: Context, upload: Upload, table: Table, part: Part) -> TableResult:
    source, match = part.source, part.match
    taken = Taken(
        source.name, upload.name, table.sheet, match.dataset, source.sha256, source.header,
        match.columns, ingest.count(context.con, part), source.nameless, source.written,
        source.shape,
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
