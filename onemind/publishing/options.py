"""The terms of a publish: files given, how they are to be let in, and the draft made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from onemind.ingest import Learned, Problem, Reading, Tally, errors
from onemind.store import Connection, Version
from onemind.store.diff import Diff
from onemind.store.publish import Delta

MODES = ("update", "replace")


@dataclass(frozen=True)
class Options:
    """How files are to be let in.

    `today` decides what is in the future. `dataset` says what all files hold, `datasets` what the
    table of a name holds, `reading` how they are read; `reading_name`
    names a remembered one for all of them. With `pseudonyms`, names of officers become those. With
    `practice`, files are compared with the sample, and nothing may be published.
    `sheets` keeps only these sheets of
    workbooks. `fast_path` lets files that need no change take it; the result is the same. `say` is
    told what is being done, `lend` which connection does it.
    """

    today: date
    mode: str = "update"
    dataset: str | None = None
    datasets: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    reading_name: str = ""
    pseudonyms: bool = False
    practice: bool = False
    sheets: tuple[str, ...] = ()
    skip_bad_rows: bool = False
    allow_shrink: bool = False
    fast_path: bool = True
    say: Callable[[str], None] = lambda _: None
    lend: Callable[[Connection | None], None] = lambda _: None


@dataclass(frozen=True)
class Taken:
    """A table taken from a file: what it holds, and how its header was read.

    Of a table in another shape, `written` is the header in the file. `sheets` says which sheets of
    its workbook were chosen and which were not.
    """

    name: str
    file: str
    sheet: str | None
    dataset: str
    sha256: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    rows: int
    nameless: bool = False
    written: tuple[str, ...] = ()
    shape: str = ""
    sheets: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_by(self) -> tuple[str, ...]:
        """The header by which its reading is remembered: as the file has it."""
        return self.written or self.header

    def record(self) -> dict[str, str]:
        """Return what is kept with the version."""
        return {"name": self.name, "dataset": self.dataset, "sha256": self.sha256}


@dataclass(frozen=True)
class Shaped:
    """The first rows of a table in another shape, as they are read, the header first; and the
    numbers of the file's rows that they come from.
    """

    after: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Draft:
    """Files checked and compared against `base`: their problems and the difference they make.

    `tallies` say by table what became of its rows, `learned` how each that is not plain was read,
    `left_out` which of its rows, by number, are left out and why, `shaped` the first rows of
    tables in another shape. `headers` are those of all
    tables that could be read, by table, taken or not; `sheets` are those of workbooks with several,
    and whether they are used.
    """

    base: Version | None
    problems: tuple[Problem, ...]
    deltas: tuple[Delta, ...]
    taken: tuple[Taken, ...]
    drops_sample: bool
    is_sample: bool
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheets: Mapping[str, bool] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    learned: Mapping[str, Learned] = field(default_factory=dict)
    left_out: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    shaped: Mapping[str, Shaped] = field(default_factory=dict)

    @property
    def files(self) -> tuple[dict[str, str], ...]:
        """The tables taken, as kept with the version."""
        return tuple(item.record() for item in self.taken)

    @property
    def diffs(self) -> list[Diff]:
        """The difference, dataset by dataset."""
        return [delta.diff for delta in self.deltas]

    @property
    def errors(self) -> list[Problem]:
        """The problems that block."""
        return errors(self.problems)
