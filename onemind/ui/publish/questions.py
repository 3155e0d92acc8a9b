"""What the page asks where a file does not say: which dataset, which column, which department.

Answers stay with the upload; those that were used are remembered for the next one at the publish.
"""

from __future__ import annotations

import streamlit as st

from onemind import metrics, publishing, runtime
from onemind.appdb import Staged
from onemind.campaign import contract, contracts
from onemind.ingest import Problem, similar
from onemind.ui import label
from onemind.ui.publish import staged

MOST_ASKED = 20


def chosen_sheets(upload: Staged, draft: publishing.Draft) -> None:
    """Offer each sheet of workbooks with several; those chosen are taken."""
    if not draft.sheets:
        return
    before = [sheet for sheet, is_used in draft.sheets.items() if is_used]
    after = st.multiselect("Sheets to use", list(draft.sheets), default=before)
    if after and set(after) != set(before):
        staged.choose(upload, sheets=after)
        st.rerun()


def as_it_stands(upload: Staged) -> None:
    """Say that no table is read in another shape, and offer to look for it again."""
    if upload.choices.get("shape"):
        with st.container(horizontal=True, vertical_alignment="center", key="as_it_stands"):
            st.markdown("Each row is read as one record.")
            staged.button(upload, "Look for another shape", "tertiary", shape="")


def recognized(upload: Staged, draft: publishing.Draft) -> None:
    """Ask what a table holds, where its header does not say or says something incomplete."""
    unknown = {
        item.file: item.dataset
        for item in draft.problems
        if item.code in ("unknown-dataset", "missing-label")
    }
    if not unknown:
        return
    st.subheader("What kind of data is this?", anchor=False)
    titles = {name: parsed.title for name, parsed in contracts().items()}
    datasets = dict(upload.choices["datasets"])
    with st.form("datasets"):
        for name, guess in unknown.items():
            place = list(titles).index(guess) if guess else None
            picked = st.selectbox(
                label(name), list(titles), index=place, format_func=titles.__getitem__,
                placeholder="Choose the kind of data", key=f"dataset_{name}",
            )  # fmt: skip
            if picked and picked != guess:
                datasets[name] = picked
        if st.form_submit_button("Check again"):
            staged.choose(upload, datasets=datasets)
            st.rerun()


def mapped(upload: Staged, draft: publishing.Draft) -> None:
    """Ask which header is which column, and for values that a file lacks throughout."""
    lost = [item for item in draft.problems if item.code == "missing-label" and item.column]
    if not lost:
        return
    st.subheader("Match the columns", anchor=False)
    renames, constants = dict(upload.choices["renames"]), dict(upload.choices["constants"])
    with st.form("mapping"):
        for item in lost:
            _ask_column(item, draft.headers.get(item.file, ()), renames, constants)
        if st.form_submit_button("Check again"):
            staged.choose(upload, renames=renames, constants=constants)
            st.rerun()


def _ask_column(
    lost: Problem, header: tuple[str, ...], renames: dict[str, str], constants: dict[str, str]
) -> None:
    assert lost.dataset
    assert lost.column
    parsed = contract(lost.dataset)
    field = parsed.field(lost.column)
    options = [label for label in header if label]
    likely = similar(parsed, field, options)
    key = f"{lost.file}_{field.name}"
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"map_{key}"):
        picked = st.selectbox(
            label(f"{field.title} ({lost.file})"),
            options,
            index=options.index(likely) if likely else None,
            placeholder="Which column in the file?",
            help=field.description,
            width=320,
        )
        fixed = st.text_input("or one value for every row", key=f"fix_{key}", width=220)
    if fixed.strip():
        constants[field.name] = fixed.strip()
    elif picked:
        renames[picked] = field.name


def named(upload: Staged, draft: publishing.Draft) -> None:
    """Ask which department a name means, where that is not clear."""
    codes = ("ambiguous-name", "foreign-key")
    open_names: dict[str, Problem] = {}
    for item in draft.problems:
        if item.code in codes and item.column == "department_id" and item.row and item.value:
            open_names.setdefault(item.value, item)
    departments = _departments()
    if not open_names or not departments:
        return
    st.subheader("Which department is this?", anchor=False)
    decided = dict(upload.choices["names"])
    with st.form("names"):
        for name, item in list(open_names.items())[:MOST_ASKED]:
            ids = list(departments)
            picked = st.selectbox(
                label(f"'{name}'"),
                ids,
                index=ids.index(item.suggestion) if item.suggestion in departments else None,
                format_func=departments.__getitem__,
                placeholder="Choose a department, or decide later",
            )
            if picked:
                decided[name] = picked
        if st.form_submit_button("Check again"):
            staged.choose(upload, names=decided)
            st.rerun()


def _departments() -> dict[str, str]:
    rows = (
        metrics.export.dataset(runtime.store(), "departments").records()
        if runtime.store().current()
        else []
    )
    return {row["department_id"]: f"{row['name']} ({row['department_id']})" for row in rows}
