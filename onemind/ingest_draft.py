"""Drafting a publish: every file checked, compared with what is published, and not yet let in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from onemind import ingest_check, ingest_keys, ingest_warn
from onemind.contract import contracts
from onemind.diff import Diff
from onemind.errors import CheckFailed, NotPossibleNow
from onemind.ingest_check import Part
from onemind.ingest_match import match
from onemind.ingest_read import read
from onemind.problem import Problem, by_row, errors
from onemind.settings import SAMPLE
from onemind.store import Store, Version, relation
from onemind.store_lake import Connection
from onemind.store_publish import Delta, compare

MODES = ("update", "replace")


@dataclass(frozen=True)
class Upload:
    """A file somebody gives: where it lies, and what they call it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Options:
    """How files are to be let in. `today` decides what is in the future."""

    today: date
    mode: str = "update"
    dataset: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    skip_bad_rows: bool = False
    allow_shrink: bool = False
    say: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class Draft:
    """Files checked and compared against `base`: their problems and the difference they make."""

    base: Version | None
    problems: tuple[Problem, ...]
    deltas: tuple[Delta, ...]
    files: tuple[dict[str, str], ...]
    drops_sample: bool
    is_sample: bool

    @property
    def diffs(self) -> list[Diff]:
        """The difference, dataset by dataset."""
        return [delta.diff for delta in self.deltas]

    @property
    def errors(self) -> list[Problem]:
        """The problems that block."""
        return errors(self.problems)


class Drafting:
    """The steps of one draft, in order; each leaves its problems behind and the next goes on."""

    def __init__(self, store: Store, con: Connection, options: Options, folder: Path) -> None:
        self.store, self.con, self.options, self.folder = store, con, options, folder
        self.base = store.current()
        self.problems: list[Problem] = []
        self.parts: dict[str, list[Part]] = {}
        self.failed = False

    def run(self, uploads: list[Upload]) -> Draft:
        files = [self._stage(number, upload) for number, upload in enumerate(uploads)]
        known = [file for file in files if file]
        self.is_sample = bool(known) and all(file["sha256"] in _sample_files() for file in known)
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
            tuple(known),
            self.drops,
            self.is_sample,
        )

    def _forbid_mixing(self) -> None:
        if self.is_sample and self.base and not self.base.sample:
            raise NotPossibleNow(
                "This is the sample campaign, whose figures are made up, and the store holds real "
                "data. Nothing was published. To try the sample, set ONEMIND_STORE to a new folder."
            )

    def _stage(self, number: int, upload: Upload) -> dict[str, str] | None:
        self.options.say(f"Reading {upload.name}")
        try:
            source = read(upload.path, upload.name, self.folder, self.store.settings.max_upload)
            found = match(
                source, self.options.dataset, self.options.renames, self.options.constants
            )
            part = ingest_check.stage(self.con, source, found, self.store.rules, number)
        except CheckFailed as error:
            self.problems += error.problems
            self.failed = True
            return None
        self.parts.setdefault(found.dataset, []).append(part)
        self.problems += [*source.warnings, *found.warnings]
        return {"name": upload.name, "dataset": found.dataset, "sha256": source.sha256}

    def _check(self, dataset: str) -> None:
        self.options.say(f"Checking {dataset}")
        parts, rules = self.parts[dataset], self.store.rules
        for part in parts:
            self.problems += ingest_check.faults(self.con, part, rules)
        self.problems += ingest_keys.duplicates(self.con, parts, self.options.skip_bad_rows)
        for key in contracts()[dataset].foreign_keys:
            parents = self._parents(key.dataset, key.field)
            self.problems += ingest_keys.strangers(self.con, parts, key.field, key.dataset, parents)
        departments = self._after("departments", "department_id, sworn_officers")
        self.problems += ingest_warn.oddities(
            self.con, parts, rules, self.options.today, departments
        )

    def _old(self, dataset: str) -> str:
        return relation(dataset, self.base)

    def _new(self, dataset: str) -> str:
        columns = ", ".join(contracts()[dataset].columns)
        if dataset not in self.parts:
            return relation(dataset, None)
        return f"select {columns} from ({ingest_check.sound_rows(self.con, self.parts[dataset])})"

    def _replaces(self, dataset: str) -> bool:
        """Whether rows that are not in the files go."""
        return self.drops or (self.options.mode == "replace" and dataset in self.parts)

    def _after(self, dataset: str, columns: str) -> str:
        """Return a SELECT of a dataset as it will be (columns the files lack aside)."""
        new = f"select {columns} from ({self._new(dataset)})"
        if self._replaces(dataset):
            return new
        keys = ", ".join(contracts()[dataset].key)
        old = f"select {columns} from ({self._old(dataset)})"
        replaced = f"select ({keys}) from ({self._new(dataset)})"
        return f"{new} union all {old} where ({keys}) not in ({replaced})"

    def _parents(self, dataset: str, column: str) -> str:
        """Return a SELECT of the values a foreign key may have.

        A row with a fault elsewhere still counts, so that one fault is not reported a thousand
        times; not so when bad rows are skipped, for then it will not be there.
        """
        after = self._after(dataset, column)
        if self.options.skip_bad_rows or dataset not in self.parts:
            return after
        rows = ingest_check.rows_of(self.con, self.parts[dataset], [column])
        return f"{after} union all select {column} from ({rows})"

    def _compare(self) -> list[Delta]:
        deltas = []
        for dataset in contracts():
            if dataset in self.parts or self.drops:
                self.options.say(f"Comparing {dataset} with what is published")
                deltas.append(self._delta(dataset))
        if not self.drops:
            self.problems += self._orphans(deltas)
            self.problems += self._shrinking(deltas)
        return deltas

    def _delta(self, dataset: str) -> Delta:
        parts = self.parts.get(dataset, [])
        given = None
        if parts and not self._replaces(dataset):
            given = set.intersection(*(set(part.match.given) for part in parts))
            given |= {"precision"} & set(contracts()[dataset].columns)
        return compare(
            self.con,
            dataset,
            self._old(dataset),
            self._new(dataset),
            removes=self._replaces(dataset),
            given=given,
        )

    def _orphans(self, deltas: list[Delta]) -> Iterator[Problem]:
        """Find published rows that would refer to something this publish removes."""
        for delta in deltas:
            if not delta.diff.removed:
                continue
            part = self.parts[delta.diff.dataset][0]
            for child in contracts().values():
                for key in child.foreign_keys:
                    if key.dataset == delta.diff.dataset:
                        yield from self._left_behind(part, delta, child.name, key.field)

    def _left_behind(self, part: Part, delta: Delta, child: str, column: str) -> Iterator[Problem]:
        rows = self.con.execute(
            f"""
            select {column}, count(*) from ({self._after(child, column)}) where {column} in (select
            {column} from {delta.table} where op = 'removed') group by {column} order by {column}"""
        ).fetchall()
        for value, count in rows:
            message = (
                f"{part.source.name} leaves out {value}, but {count:,} published rows of {child} "
                f"refer to it. Keep its row, or replace {child} in the same go."
            )
            yield part.problem("foreign-key", None, column, value, message)

    def _shrinking(self, deltas: list[Delta]) -> Iterator[Problem]:
        for delta in deltas:
            if not delta.diff.removed:
                continue
            part = self.parts[delta.diff.dataset][0]
            if "department_id" in part.contract.columns and delta.diff.dataset != "departments":
                name = delta.diff.dataset
                yield from ingest_warn.silent(self.con, part, self._old(name), self._new(name))
            if delta.diff.shrinks and not self.options.allow_shrink:
                message = (
                    f"{part.source.name} would remove {delta.diff.removed:,} of "
                    f"{delta.diff.before:,} published rows of {delta.diff.dataset}. If that is "
                    "meant, allow the shrinking; if the file is only a part, publish it as an "
                    "update."
                )
                yield part.problem("shrink", None, None, delta.diff.removed, message)


@cache
def _sample_files() -> frozenset[str]:
    """The fingerprints of the sample campaign's files."""
    files = SAMPLE.glob("*.csv")
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
