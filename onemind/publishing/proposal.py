"""Each dataset as it is published, as the files have it, and as it would be: SELECTs of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onemind.campaign import contract
from onemind.ingest import Part, rows_of, sound_rows
from onemind.store import Connection, Version, relation
from onemind.store.publish import Delta, compare


@dataclass(frozen=True)
class Proposal:
    """The parts of each dataset, put to the version `base`.

    With `replaces`, the files are the whole of their datasets. With `drops_sample`, whatever is
    published goes: it is the sample campaign. With `skips`, rows with an error are left out.
    """

    con: Connection
    base: Version | None
    parts: Mapping[str, Sequence[Part]]
    replaces: bool
    skips: bool
    drops_sample: bool = False

    def published(self, dataset: str) -> str:
        """Return a SELECT of a dataset as it is published."""
        return relation(dataset, self.base)

    def in_files(self, dataset: str) -> str:
        """Return a SELECT of a dataset's sound rows in the files."""
        if dataset not in self.parts:
            return relation(dataset, None)
        parts = self.parts[dataset]
        if len({part.match.given for part in parts}) == 1 or self.removes(dataset):
            rows = sound_rows(self.con, parts)
            return f"select {', '.join(contract(dataset).columns)} from ({rows})"
        return " union all ".join(self._completed(part) for part in parts)

    def _completed(self, part: Part) -> str:
        """Return a SELECT of a part's rows; columns it lacks are as published.

        Another file of the same dataset has those columns.
        """
        rows = sound_rows(self.con, [part])
        given = {*part.match.given, *part.contract.key}
        columns = ", ".join(
            name if name in part.contract.key
            else f"n.{name}" if name in given
            else f"case when o.here then o.{name} else n.{name} end as {name}"
            for name in part.contract.columns
        )  # fmt: skip
        key = ", ".join(part.contract.key)
        published = f"select *, true as here from ({self.published(part.match.dataset)})"
        return f"select {columns} from ({rows}) n left join ({published}) o using ({key})"

    def removes(self, dataset: str) -> bool:
        """Whether rows that are not in the files are removed."""
        return self.drops_sample or (self.replaces and dataset in self.parts)

    def result(self, dataset: str, columns: str) -> str:
        """Return a SELECT of a dataset as it would be (columns the files lack aside)."""
        incoming = f"select {columns} from ({self.in_files(dataset)})"
        if self.removes(dataset):
            return incoming
        keys = ", ".join(contract(dataset).key)
        published = f"select {columns} from ({self.published(dataset)})"
        updated = f"select ({keys}) from ({self.in_files(dataset)})"
        return f"{incoming} union all {published} where ({keys}) not in ({updated})"

    def parents(self, dataset: str, columns: str, clean: str | None = None) -> str:
        """Return a SELECT of what foreign keys may refer to; `clean`: the columns without error.

        A row with an error elsewhere still counts, so that one error is not reported a thousand
        times. It does not count when bad rows are skipped, for then it will not be there.
        """
        result = self.result(dataset, columns)
        if self.skips or dataset not in self.parts:
            return result
        rows = rows_of(self.con, self.parts[dataset], [clean or columns])
        return f"{result} union select {columns} from ({rows})"

    def difference(self, dataset: str) -> Delta:
        """Compute what publishing would change in a dataset."""
        parts, removes = self.parts.get(dataset, ()), self.removes(dataset)
        given = None
        if parts and not removes:
            given = set().union(*(part.match.given for part in parts))
            given |= {"precision"} & set(contract(dataset).columns)
        published, incoming = self.published(dataset), self.in_files(dataset)
        return compare(self.con, dataset, published, incoming, removes=removes, given=given)
