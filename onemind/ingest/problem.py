"""One fault in a file, and every kind of fault with its heading: the one table of wordings.

Each sentence says what is wrong, what the file has now, and what to do. Codes follow Frictionless
where it has a word for the fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from onemind.errors import OneMindError
from onemind.words import counted

# code -> (severity, heading). An error blocks a publish; a warning never does.
CODES = {
    "file-error": ("error", "The file can't be read"),
    "size-error": ("error", "The file is too large"),
    "encoding-error": ("error", "The file's characters can't be read"),
    "empty-file": ("error", "The file is empty"),
    "unknown-dataset": ("error", "It isn't clear what kind of data the file holds"),
    "missing-label": ("error", "Columns are missing"),
    "duplicate-label": ("error", "Columns appear twice"),
    "no-rows": ("error", "The file has a header but no rows"),
    "missing-cell": ("error", "Rows have too few cells"),
    "extra-cell": ("error", "Rows have too many cells"),
    "quote-error": ("error", "A quotation mark is out of place"),
    "missing-value": ("error", "Required cells are blank"),
    "type-error": ("error", "Cells have the wrong kind of value"),
    "enum-error": ("error", "Cells have a word that is not on the list"),
    "minimum": ("error", "Numbers are too small"),
    "maximum": ("error", "Numbers are too large"),
    "length": ("error", "Cells have too much text"),
    "personal-id": ("error", "Officer ids identify a person"),
    "order": ("error", "Two columns of a row contradict each other"),
    "primary-key": ("error", "Rows appear twice"),
    "foreign-key": ("error", "Rows refer to something that doesn't exist"),
    "ambiguous-name": ("error", "Names fit several departments"),
    "pseudonym": ("error", "Pseudonyms need the departments first"),
    "alike": ("error", "Two officers of a department have one name"),
    "rounded-id": ("error", "Ids were rounded by a spreadsheet"),
    "broken-letters": ("error", "Letters were lost"),
    "date-order": ("error", "Dates are written in two orders"),
    "hidden-rows": ("error", "The workbook hides rows"),
    "no-value": ("error", "Formulas have no value"),
    "row-word": ("error", "It isn't clear which rows count"),
    "shrink": ("error", "The file would remove many rows"),
    "letters-repaired": ("warning", "Letters were put right"),
    "nul-byte": ("warning", "Bytes that aren't text"),
    "header-row": ("warning", "Rows above the header"),
    "sheet-not-used": ("warning", "Sheets or files are not used"),
    "totals-row": ("warning", "Rows of totals"),
    "left-out": ("warning", "Rows that don't count are left out"),
    "shape": ("warning", "The table is read in another shape"),
    "merged-cell": ("warning", "Merged cells count in each of their rows"),
    "filler": ("warning", "Lines that are no data are left out"),
    "repeat": ("warning", "Rows appear twice and are kept once"),
    "date-form": ("warning", "Dates are read in one order"),
    "word-read": ("warning", "Words read as others"),
    "serial-date": ("warning", "Dates written as Excel day numbers"),
    "read-as": ("warning", "Names read as departments"),
    "extra-label": ("warning", "Columns are not used"),
    "blank-label": ("warning", "Columns have no header"),
    "pattern": ("warning", "Cells look unusual"),
    "order-warning": ("warning", "Two columns of a row look odd together"),
    "partial-date": ("warning", "Only the month or year of a date is known"),
    "future-date": ("warning", "Dates are in the future"),
    "before-launch": ("warning", "Pledges are dated before the campaign began"),
    "early-completion": ("warning", "Completed earlier than the campaign allows"),
    "edition-ahead": ("warning", "An edition is used before it took effect"),
    "unknown-place": ("warning", "Places are not on our list"),
    "unknown-county": ("warning", "Counties are not in the state"),
    "more-trained-than-sworn": ("warning", "More officers trained than sworn"),
    "overlap": ("warning", "Periods overlap, so days count twice"),
    "department-silent": ("warning", "Departments have gone silent"),
}


@dataclass(frozen=True, order=True)
class Problem:
    """One fault; `row` is the reader's own number (header = 1), None for the whole file."""

    file: str
    dataset: str | None
    row: int | None
    column: str | None
    code: str
    value: str | None
    message: str
    suggestion: str | None = None

    @property
    def severity(self) -> str:
        """Whether it blocks a publish ("error") or not ("warning")."""
        return CODES[self.code][0]

    @property
    def heading(self) -> str:
        """The heading under which its kind is listed."""
        return CODES[self.code][1]

    def record(self) -> dict[str, Any]:
        """Return it as a row for JSON or CSV."""
        return asdict(self) | {"severity": self.severity}


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return those that block a publish."""
    return [item for item in problems if item.severity == "error"]


def by_row(item: Problem) -> tuple[str, int, int, str, str]:
    """Sort key: by file, then the file as a whole, then row by row, errors first."""
    return (
        item.file,
        item.row or 0,
        item.severity == "warning",
        item.column or "",
        item.code,
    )


def summary(problems: Iterable[Problem]) -> str:
    """Return one sentence that counts the problems by kind, errors first."""
    counts = Counter((item.severity, item.heading) for item in problems)
    if not counts:
        return "No problems found."
    parts = [f"{heading.lower()}: {count:,}" for (_, heading), count in sorted(counts.items())]
    blocking = sum(count for (severity, _), count in counts.items() if severity == "error")
    start = counted(blocking, "error") if blocking else "No errors"
    warned = counts.total() - blocking
    return f"{start}, {counted(warned, 'warning')} ({'; '.join(parts)})."


class CheckFailed(OneMindError):
    """The data has problems; nothing was published."""

    def __init__(self, problems: list[Problem], message: str | None = None) -> None:
        self.problems = problems
        super().__init__(message or problems[0].message)
