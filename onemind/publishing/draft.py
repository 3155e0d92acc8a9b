"""Drafting a publish: every file checked, compared with what is published, and not yet let in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onemind import ingest
from onemind.appdb import AppDatabase
from onemind.campaign import contract, contracts
from onemind.errors import NotPossibleNow
from onemind.ingest import (
    CheckFailed,
    Part,
    Problem,
    Roster,
    Table,
    Upload,
    by_row,
    match,
    plain,
    read,
    rows_of,
    sound_rows,
    tables,
)
from onemind.publishing import guards
from onemind.publishing.options import Draft, Options, Taken
from onemind.publishing.sample import REFUSAL, sample_files
from onemind.store import Connection, Store, relation
from onemind.store.publish import Delta, compare


class Drafting:
    """The steps of one draft, in order; each leaves its problems behind and the next goes on."""

    def __init__(
        self, store: Store, appdb: AppDatabase, con: Connection, options: Options, folder: Path
    ) -> None:
        self.store, self.appdb, self.con = store, appdb, con
        self.options, self.folder = options, folder
        self.base = store.current()
        self.problems: list[Problem] = []
        self.parts: dict[str, list[Part]] = {}
        self.taken: list[Taken] = []
        self.headers: dict[str, tuple[str, ...]] = {}
        self.sheets: list[str] = []
        self.failed = False
        self.roster: Roster | None = None

    def run(self, uploads: list[Upload]) -> Draft:
        for upload in uploads:
            self._open(upload)
        known = [item.sha256 for item in self.taken]
        self.is_sample = bool(known) and (set(known) <= sample_files() or self._says_no_more())
        self.drops = bool(self.base and self.base.sample and not self.is_sample)
        self._forbid_mixing()
        for dataset in contracts():
            if dataset in self.parts:
                self._check(dataset)
        deltas = [] if self.failed else self._compare()
        return Draft(
            self.base,
            tuple(sorted(self.problems, key=by_row)),
            tuple(deltas),
            tuple(self.taken),
            self.drops,
            self.is_sample,
            self.headers,
            tuple(self.sheets),
        )

    def _says_no_more(self) -> bool:
        """Whether the files only repeat the sample campaign that is published."""
        self.drops = False
        if self.failed or not (self.base and self.base.sample):
            return False
        return all(self._delta(dataset).diff.empty for dataset in self.parts)

    def _forbid_mixing(self) -> None:
        """Refuse files of the sample that would put made-up figures among real ones."""
        mixed = {item.dataset for item in self.taken if item.sha256 in sample_files()}
        real = self.base and not self.base.sample
        if real and any(not self._delta(dataset).diff.empty for dataset in mixed):
            raise NotPossibleNow(REFUSAL)

    def _open(self, upload: Upload) -> None:
        """Take the tables of a file; of several, those that are no dataset are passed over."""
        self.options.say(f"Reading {upload.name}")
        try:
            limit = self.store.settings.max_upload
            found = tables(upload.path, upload.name, self.folder, limit)
        except CheckFailed as error:
            self._refuse(error)
            return
        if len(found) > 1:
            self.sheets += [table.sheet for table in found if table.sheet]
        refused: list[CheckFailed] = []
        taken = 0
        for table in found:
            if self.options.sheets and table.sheet and table.sheet not in self.options.sheets:
                continue
            try:
                self._stage(upload, table)
                taken += 1
            except CheckFailed as error:
                refused.append(error)
        for refusal in refused:
            self._refuse(refusal, passing=taken > 0)

    def _refuse(self, error: CheckFailed, passing: bool = False) -> None:
        for item in error.problems:
            if passing and item.code in ("unknown-dataset", "empty-file"):
                message = f"{item.file} is not used: {item.message}"
                self.problems.append(
                    Problem(item.file, None, None, None, "sheet-not-used", None, message)
                )
            else:
                self.problems.append(item)
                self.failed = True

    def _stage(self, upload: Upload, table: Table) -> None:
        options = self.options
        wanted = frozenset(map(plain, options.renames))
        limit = self.store.settings.max_upload
        source = read(table.path, table.name, self.folder, limit, wanted)
        self.headers[table.name] = source.header
        known = self.appdb.mapping(source.header)
        found = match(
            source,
            options.dataset or options.datasets.get(table.name) or known.get("dataset"),
            {**known.get("renames", {}), **options.renames},
            {**known.get("constants", {}), **options.constants},
        )
        rules, number = self.store.rules, len(self.taken)
        part = ingest.stage(self.con, source, found, rules, number, options.short_way)
        self.parts.setdefault(found.dataset, []).append(part)
        self.problems += [*source.warnings, *found.warnings]
        rows = ingest.count(self.con, part)
        self.taken.append(
            Taken(
                table.name, upload.name, table.sheet, found.dataset, source.sha256, source.header,
                found.columns, rows,
            )
        )  # fmt: skip

    def _check(self, dataset: str) -> None:
        self.options.say(f"Checking {dataset}")
        parts, rules = self.parts[dataset], self.store.rules
        for part in parts:
            self.problems += ingest.faults(self.con, part, rules)
        if "departments" in {key.dataset for key in contract(dataset).foreign_keys}:
            known = self._parents("departments", "department_id")
            for part in parts:
                self.problems += ingest.names(self.con, part, known, self._roster)
        self.problems += ingest.duplicates(self.con, parts, self.options.skip_bad_rows)
        for key in contract(dataset).foreign_keys:
            if key.dataset == "departments":
                continue  # done above, by id or by name
            parents = self._parents(key.dataset, key.field)
            self.problems += ingest.strangers(self.con, parts, key.field, key.dataset, parents)
        self.problems += ingest.oddities(self.con, parts, rules, self.options.today, self._after)

    def _roster(self) -> Roster:
        if self.roster is None:
            columns = "department_id, name, municipality, county, state"
            departments = self._parents("departments", columns, "department_id")
            names = {key.lower(): value for key, value in self.options.names.items()}
            decided = {**self.appdb.names(), **names}
            self.roster = ingest.roster(self.con, departments, decided)
        return self.roster

    def _old(self, dataset: str) -> str:
        return relation(dataset, self.base)

    def _new(self, dataset: str) -> str:
        """Return a SELECT of a dataset's sound rows in the files."""
        columns = contract(dataset).columns
        if dataset not in self.parts:
            return relation(dataset, None)
        parts = self.parts[dataset]
        if len({part.match.given for part in parts}) == 1 or self._replaces(dataset):
            rows = sound_rows(self.con, parts)
            return f"select {', '.join(columns)} from ({rows})"
        return " union all ".join(self._completed(part) for part in parts)

    def _completed(self, part: Part) -> str:
        """A file's rows, its absent columns as they are published (other files have them)."""
        rows = sound_rows(self.con, [part])
        given = {*part.match.given, *part.contract.key}
        columns = ", ".join(
            name if name in part.contract.key
            else f"n.{name}" if name in given
            else f"case when o.here then o.{name} else n.{name} end as {name}"
            for name in part.contract.columns
        )  # fmt: skip
        key = ", ".join(part.contract.key)
        old = f"select *, true as here from ({self._old(part.match.dataset)})"
        return f"select {columns} from ({rows}) n left join ({old}) o using ({key})"

    def _replaces(self, dataset: str) -> bool:
        """Whether rows that are not in the files go."""
        return self.drops or (self.options.mode == "replace" and dataset in self.parts)

    def _after(self, dataset: str, columns: str) -> str:
        """Return a SELECT of a dataset as it will be (columns the files lack aside)."""
        new = f"select {columns} from ({self._new(dataset)})"
        if self._replaces(dataset):
            return new
        keys = ", ".join(contract(dataset).key)
        old = f"select {columns} from ({self._old(dataset)})"
        replaced = f"select ({keys}) from ({self._new(dataset)})"
        return f"{new} union all {old} where ({keys}) not in ({replaced})"

    def _parents(self, dataset: str, columns: str, clean: str | None = None) -> str:
        """Return a SELECT of what foreign keys may refer to.

        A row with a fault elsewhere still counts, so that one fault is not reported a thousand
        times; not so when bad rows are skipped, for then it will not be there.
        """
        after = self._after(dataset, columns)
        if self.options.skip_bad_rows or dataset not in self.parts:
            return after
        rows = rows_of(self.con, self.parts[dataset], [clean or columns])
        return f"{after} union select {columns} from ({rows})"

    def _compare(self) -> list[Delta]:
        deltas = []
        for dataset in contracts():
            if dataset in self.parts or self.drops:
                self.options.say(f"Comparing {dataset} with what is published")
                deltas.append(self._delta(dataset))
        for delta in deltas if not self.drops else ():
            self.problems += self._guard(delta)
        return deltas

    def _delta(self, dataset: str) -> Delta:
        parts = self.parts.get(dataset, [])
        given = None
        if parts and not self._replaces(dataset):
            given = set().union(*(part.match.given for part in parts))
            given |= {"precision"} & set(contract(dataset).columns)
        removes = self._replaces(dataset)
        old, new = self._old(dataset), self._new(dataset)
        return compare(self.con, dataset, old, new, removes=removes, given=given)

    def _guard(self, delta: Delta) -> Iterator[Problem]:
        name = delta.diff.dataset
        if not delta.diff.removed:
            return
        part = self.parts[name][0]
        yield from guards.orphans(self.con, part, delta, self._after)
        yield from guards.silent(self.con, part, self._old(name), self._new(name))
        if delta.diff.shrinks and not self.options.allow_shrink:
            yield guards.shrinking(part, delta)
