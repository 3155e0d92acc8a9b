"""What is wrong with an upload: counted, shown in the grid, and put right there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd
import streamlit as st

from onemind import ingest, metrics, publishing, runtime
from onemind.appdb import Staged
from onemind.ingest import Grid, Problem
from onemind.ui import plain
from onemind.ui.publish import card, staged
from onemind.ui.publish.frames import distinct

FIRST_ROWS = 20
SMALL = 1_000_000  # bytes of a file that can be corrected in the grid
UNREAD = ("file-error", "size-error", "encoding-error", "empty-file")  # no rows to show


def listed(draft: publishing.Draft) -> None:
    """List the problems under a heading for each kind with its count, errors first."""
    kinds: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for item in draft.problems:
        if item.code in card.TOLD:
            continue
        kinds[item.severity, item.heading, item.code].append(item)
    several = len({item.file for item in draft.problems}) > 1 or len(draft.taken) > 1
    for (severity, heading, _), problems in sorted(kinds.items()):
        mark = ":material/error:" if severity == "error" else ":material/warning:"
        title = f"{heading} ({len(problems):,})"
        with st.expander(title, expanded=severity == "error", icon=mark):
            for item in problems[:FIRST_ROWS]:
                likely = f" Suggestion: {item.suggestion}" if item.suggestion else ""
                where = f"{item.file}: " if several and item.file not in item.message else ""
                st.text(f"{where}{item.message}{likely}")
            if len(problems) > FIRST_ROWS:
                st.caption(f"The first {FIRST_ROWS} of {len(problems):,}; the CSV below has all.")


def offered(upload: Staged, draft: publishing.Draft) -> None:
    """Offer all problems as CSV, and each file back with a column that says what is wrong."""
    if not draft.problems:
        return
    limit = runtime.store().settings.max_upload
    with st.container(horizontal=True, key="offered"):
        _download("All problems as CSV", lambda: _as_csv(draft.problems), "problems.csv")
        for file in staged.uploads(upload):
            if any(_is_of(file, name) for name in _unread(draft)):
                continue
            label = f"{file.name} with a problem column"
            _download(label, partial(_annotated, file, draft, limit), f"{file.name}.problems.csv")


def _annotated(file: ingest.Upload, draft: publishing.Draft, limit: int) -> bytes:
    return "".join(ingest.annotated(file, draft.problems, limit)).encode()


def _download(label: str, content: Callable[[], bytes], name: str) -> None:
    st.download_button(plain(label), content, file_name=name, mime="text/csv", on_click="ignore")


def _as_csv(problems: Iterable[Problem]) -> bytes:
    records = [item.record() for item in problems]
    return metrics.export.to_csv(list(records[0]), [list(row.values()) for row in records]).encode()


def in_the_grid(upload: Staged, draft: publishing.Draft) -> None:
    """Show the first rows with errors as the file has them, the faulty cells marked."""
    faulty = [item for item in draft.errors if item.row]
    for file in staged.uploads(upload):
        for name in dict.fromkeys(item.file for item in faulty):
            if not _is_of(file, name):
                continue
            rows = sorted({item.row for item in faulty if item.file == name and item.row})
            shown = set(rows[:FIRST_ROWS])
            grid = ingest.excerpt(file, name, shown, runtime.store().settings.max_upload)
            if grid:
                st.markdown(f"First rows with errors in **{plain(name)}**:")
                _marked(grid, [item for item in faulty if item.file == name], draft)


def _marked(grid: Grid, problems: list[Problem], draft: publishing.Draft) -> None:
    table = _frame(grid)
    columns = {item.name: item.columns for item in draft.taken}.get(grid.name, {})
    labels = {name: table.columns[place] for name, place in columns.items()}
    cells = {(item.row, labels.get(item.column or "")) for item in problems}

    def mark(column: pd.Series[str]) -> list[str]:
        return [
            "background-color: #b5442e; color: #ffffff"
            if (row, column.name) in cells or (row, None) in cells
            else ""
            for row in column.index
        ]

    st.dataframe(table.style.apply(mark), alt=f"Rows of {grid.name}, with cells to correct marked")


def _unread(draft: publishing.Draft) -> set[str]:
    return {item.file for item in draft.errors if item.code in UNREAD}


def _is_of(file: ingest.Upload, name: str) -> bool:
    """Whether a table of that name comes from the file."""
    return name == file.name or name.startswith((f"{file.name}, ", f"{file.name}/"))


def _frame(grid: Grid, *, body_only: bool = False) -> pd.DataFrame:
    """The rows as a frame indexed by row number; headers made distinct."""
    width = max([len(grid.header), *(len(cells) for _, cells in grid.rows)])
    rows = [row for row in grid.rows if not body_only or row[0] > grid.header_row]
    cells = [[*row, *[""] * (width - len(row))] for _, row in rows]
    index = pd.Index([number for number, _ in rows], name="row")
    return pd.DataFrame(cells, columns=distinct(grid.header, width), index=index, dtype=str)


def corrected_in_place(upload: Staged, draft: publishing.Draft) -> None:
    """Let small files be corrected in the grid and checked again."""
    names = {item.file for item in draft.errors} - _unread(draft)
    for file, record in zip(staged.uploads(upload), upload.files, strict=True):
        if record["size"] > SMALL or not any(_is_of(file, name) for name in names):
            continue
        grids = ingest.grids(file, runtime.store().settings.max_upload)
        if not grids:
            continue
        with st.expander(f"Correct {plain(file.name)} here"):
            _editor(upload, file.name, grids)


def _editor(upload: Staged, name: str, grids: list[Grid]) -> None:
    edited = {}
    for grid in grids:
        key = f"edit_{grid.name}_{upload.staged_at.isoformat()}"
        edited[grid.name] = st.data_editor(_frame(grid, body_only=True), key=key, num_rows="fixed")
    if st.button("Check again", key=f"again_{name}"):
        files = [(_csv_name(grid.name), _text(grid, edited[grid.name])) for grid in grids]
        staged.add([(new, text.encode()) for new, text in files])
        after = staged.current()
        if after and name not in {new for new, _ in files}:
            staged.remove(after, name)
        st.rerun()


def _csv_name(name: str) -> str:
    """A corrected file keeps its name; a sheet of a workbook becomes a CSV."""
    return name if name.lower().endswith((".csv", ".tsv", ".txt")) else f"{name}.csv"


def _text(grid: Grid, table: pd.DataFrame) -> str:
    above = [cells for number, cells in grid.rows if number <= grid.header_row]
    body = table.fillna("").astype(str).to_numpy().tolist()
    return ingest.as_csv([*above, *(_trimmed(row, len(grid.header)) for row in body)])


def _trimmed(row: list[str], width: int) -> list[str]:
    """A row without the blank cells beyond the header; a cell that holds something stays."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row
