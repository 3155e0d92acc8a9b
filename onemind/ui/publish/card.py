"""How the files are read, in one card: what was learned, what is asked, and what was left out.

Each line can be changed with one click; what is decided here is remembered at the publish.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from onemind import ingest, publishing, runtime
from onemind.appdb import Staged
from onemind.campaign import Field, contract
from onemind.ingest import (
    AT_LEAST,
    COUNTS,
    DAY_FIRST,
    EVERY,
    LEFT_OUT,
    MONTH_FIRST,
    Learned,
    Problem,
    RowRule,
)
from onemind.publishing import Shaped
from onemind.ui import label, plain
from onemind.ui.publish import staged
from onemind.ui.publish.frames import distinct
from onemind.words import counted, long_day

# What the card says itself; the list of problems leaves it out.
TOLD = (
    "date-form", "word-read", "left-out", "row-word", "filler", "shape", "merged-cell",
    "hidden-rows", "repeat",
)  # fmt: skip
OTHER = {DAY_FIRST: MONTH_FIRST, MONTH_FIRST: DAY_FIRST}
ORDER_WORDS = {DAY_FIRST: "day/month/year", MONTH_FIRST: "month/day/year"}


def show(upload: Staged, draft: publishing.Draft) -> None:
    """Show how each table is read, where there is anything to say."""
    told: dict[str, list[Problem]] = defaultdict(list)
    for item in draft.problems:
        if item.code in TOLD:
            told[item.file].append(item)
    asked = _asked_words(draft)
    tables = [name for name in draft.tallies if told[name] or asked.get(name)]
    if not tables:
        return
    st.subheader("How the files are read", anchor=False)
    for name in tables:
        with st.container(border=True, key=f"reading_{name}"):
            if len(draft.tallies) > 1:
                st.markdown(f"**{plain(name)}**")
            _table(upload, draft, name, told[name], asked.get(name, []))


def _table(
    upload: Staged, draft: publishing.Draft, name: str, told: list[Problem], asked: list[Problem]
) -> None:
    learned = draft.learned.get(name)
    if name in draft.shaped:
        _shape(upload, name, draft.shaped[name])
    for item in told:
        if item.code in ("shape", "merged-cell", "filler", "repeat"):
            st.markdown(plain(item.message))
    if learned:
        _dates(upload, name, learned)
        _rules(upload, name, learned)
    _hidden(upload, name, told)
    if read := [plain(item.message) for item in told if item.code == "word-read"]:
        st.markdown("\n".join(f"- {line}" for line in read))
    _words(upload, name, asked)
    if learned:
        _change(upload, name, learned, [item for item in told if item.code == "word-read"])
    _tally(upload, draft, name)


def _shape(upload: Staged, name: str, shaped: Shaped) -> None:
    """Show the first rows of a table in another shape, in the file and as they are read."""
    limit, table = runtime.store().settings.max_upload, name.partition(", table ")[0]
    grids = (
        ingest.excerpt(file, table, set(shaped.rows), limit) for file in staged.uploads(upload)
    )
    grid = next((grid for grid in grids if grid), None)
    with st.container(horizontal=True, key=f"shape_{name}"):
        for words, rows in (
            ("In the file", [grid.header, *(cells for _, cells in grid.rows)] if grid else []),
            ("As it is read", list(shaped.after)),
        ):
            if rows:
                with st.container(width=520):
                    st.caption(words)
                    st.dataframe(_frame(rows), hide_index=True, alt=f"{words}: the first rows")
    staged.button(
        upload, "No, read it as it stands", "tertiary", f"shape_rows_{name}", shape=ingest.ROWS
    )


def _frame(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    """Rows as a frame, the first of them its header; columns alike are told apart."""
    width = max(map(len, rows))
    body = [[*row, *[""] * (width - len(row))] for row in rows[1:]]
    return pd.DataFrame(body, columns=distinct(rows[0], width))


def _dates(upload: Staged, name: str, learned: Learned) -> None:
    """Say in which order dates are read that could be read otherwise, and offer the other."""
    for column, proof in learned.proofs.items():
        order = learned.reading.order(column)
        if proof.is_both or not proof.unclear or not order:
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"d_{name}_{column}"):
            proven = proof.day_first if proof.order else None
            cell = proven[1] if proven else proof.unclear[1]
            day = _as_day(cell, order)
            why = f"{cell} is {day}" if proven else f"{cell} is read as {day}"
            title = learned.title(column)
            st.markdown(f"Dates in **{plain(title)}** are {ORDER_WORDS[order]}: {plain(why)}.")
            if not proof.order:
                other = OTHER[order]
                dates = {**upload.choices.get("dates", {}), column: other}
                text = f"No, they are {ORDER_WORDS[other]}"
                staged.button(upload, text, "tertiary", f"dates_{name}_{column}", dates=dates)


def _as_day(cell: str, order: str) -> str:
    """Return the day that two numbers and a year mean in an order, the cell where it is none."""
    parts = [int(part) for part in re.findall(r"\d+", cell)[:3]]
    day, month = parts[:2] if order == DAY_FIRST else (parts[1], parts[0])
    year = parts[2] if parts[2] > 99 else 2000 + parts[2]
    try:
        return long_day(date(year, month, day))
    except ValueError:
        return cell


def _rules(upload: Staged, name: str, learned: Learned) -> None:
    """Say which rows count by a column's words, and ask about those that are not known."""
    for rule in learned.rules:
        if rule.decides:
            _rule(upload, name, rule)
        else:
            st.markdown(f"**{plain(rule.header)}** decides nothing: every row counts.")


def _rule(upload: Staged, name: str, rule: RowRule) -> None:
    key = f"{name}_{rule.header}"
    with st.form(f"rows_{key}", border=False):
        st.markdown(f"**{plain(rule.header)}** decides which rows count.")
        words = [*rule.counts, *rule.out, *rule.unclear]
        chosen = st.pills(
            label(f"Rows count where {rule.header} is"), words, selection_mode="multi",
            default=list(rule.counts), format_func=lambda word: label(word) or "(blank)",
            key=f"words_{key}",
        )  # fmt: skip
        if rule.unclear:
            shown = ", ".join(f"'{word}'" if word else "a blank cell" for word in rule.unclear)
            st.warning(plain(f"It isn't clear whether rows with {shown} count. Choose above."))
        lowest = _lowest(name, rule)
        with st.container(horizontal=True, key=f"use_{key}"):
            kind: Literal["primary", "secondary"] = "primary" if rule.unclear else "secondary"
            is_saved = st.form_submit_button("Use this", type=kind)
            is_every = st.form_submit_button("Every row counts", type="tertiary")
    if is_saved or is_every:
        said = {word: COUNTS if word in chosen else LEFT_OUT for word in words}
        said |= {} if lowest is None else {AT_LEAST: f"{lowest:g}"}
        answer = {EVERY: COUNTS} if is_every else said
        staged.choose(upload, rows={**upload.choices.get("rows", {}), rule.header: answer})
        st.rerun()


def _lowest(name: str, rule: RowRule) -> float | None:
    """Ask for the lowest score that counts, where a column has scores."""
    if rule.scores is None:
        return rule.at_least
    lowest, highest = rule.scores
    return st.number_input(
        label(f"Lowest {rule.header} that counts (they go from {lowest} to {highest})"),
        value=rule.at_least, key=f"lowest_{name}_{rule.header}", width=320,
    )  # fmt: skip


def _hidden(upload: Staged, name: str, told: list[Problem]) -> None:
    """Ask whether rows count that the workbook hides."""
    for item in told:
        if item.code != "hidden-rows":
            continue
        st.warning(plain(item.message))
        with st.container(horizontal=True, key=f"hidden_{name}"):
            for answer, words in ((COUNTS, "Hidden rows count"), (LEFT_OUT, "Leave them out")):
                staged.button(upload, words, key=f"hidden_{name}_{answer}", hidden=answer)


def _asked_words(draft: publishing.Draft) -> dict[str, list[Problem]]:
    """The words, by table, that a list does not have: each is asked once."""
    asked: dict[str, list[Problem]] = defaultdict(list)
    for item in draft.problems:
        if item.dataset and item.column and item.value and _is_of_a_list(item):
            asked[item.file].append(item)
    return asked


def _is_of_a_list(item: Problem) -> bool:
    if item.code == "enum-error":
        return True
    return item.code == "type-error" and _field(item).type == "boolean"


def _field(item: Problem) -> Field:
    assert item.dataset
    assert item.column
    return contract(item.dataset).field(item.column)


def _words(upload: Staged, name: str, asked: list[Problem]) -> None:
    """Ask what each unknown word means; suggestions are filled in, so one click takes them all."""
    if not asked:
        return
    with st.form(f"asked_{name}", border=False):
        st.markdown("**What do these words mean?**")
        answers = _answers(name, asked)
        is_all = all(item.suggestion for item in asked)
        text = "Use all suggestions" if is_all else "Use these answers"
        if st.form_submit_button(text, type="primary"):
            _keep(upload, answers)


def _change(upload: Staged, name: str, learned: Learned, read: list[Problem]) -> None:
    """Offer to read words otherwise that were read as others."""
    items = []
    for item in read:
        value = learned.words(item.column or "").get((item.value or "").lower(), "")
        items.append(replace(item, suggestion=ingest.spoken(value)))
    if items:
        with st.expander("Change what these words mean"), st.form(f"change_{name}", border=False):
            answers = _answers(f"change_{name}", items)
            if st.form_submit_button("Use these"):
                _keep(upload, answers)


def _answers(name: str, items: list[Problem]) -> dict[tuple[str, str], str | None]:
    """Ask for the meaning of each word, its suggestion filled in."""
    answers = {}
    for item in items:
        offered = _offered(item)
        place = offered.index(item.suggestion) if item.suggestion in offered else None
        answers[item.column or "", item.value or ""] = st.selectbox(
            label(f"{item.column}: {item.value}"), offered, index=place, width=420,
            help=plain(item.message), placeholder="Choose, or correct the file",
            key=f"word_{name}_{item.column}_{item.value}",
        )  # fmt: skip
    return answers


def _keep(upload: Staged, answers: dict[tuple[str, str], str | None]) -> None:
    words = {key: dict(known) for key, known in upload.choices.get("words", {}).items()}
    for (column, word), value in answers.items():
        if value:
            words.setdefault(column, {})[word] = value
    staged.choose(upload, words=words)
    st.rerun()


def _offered(item: Problem) -> list[str]:
    field = _field(item)
    if field.type == "boolean":
        return ["yes", "no"]
    return ingest.listed_values(field, runtime.store().rules)


def _tally(upload: Staged, draft: publishing.Draft, name: str) -> None:
    """Say what becomes of the rows, and offer those that are left out."""
    tally = draft.tallies[name]
    parts = [f"{tally.sound:,} can be published"]
    if tally.left_out_rows:
        why = ", ".join(f"{reason}: {count:,}" for reason, count in tally.left_out.items())
        parts.append(f"{tally.left_out_rows:,} left out ({why})")
    if tally.wrong:
        parts.append(f"{tally.wrong:,} with an error")
    with st.container(horizontal=True, vertical_alignment="center", key=f"tally_{name}"):
        st.caption(plain(f"{counted(tally.rows, 'row')}: {', '.join(parts)}."))
        if rows := draft.left_out.get(name):
            content: Callable[[], bytes] = partial(_left_out, upload, name, dict(rows))
            st.download_button(
                "Left-out rows as CSV", content, file_name=f"{name}.left-out.csv",
                mime="text/csv", on_click="ignore", key=f"left_out_{name}", type="tertiary",
            )  # fmt: skip


def _left_out(upload: Staged, name: str, reasons: dict[int, str]) -> bytes:
    """Return the rows that are left out as the file has them, each with its number and why."""
    limit = runtime.store().settings.max_upload
    for file in staged.uploads(upload):
        grid = ingest.excerpt(file, name.partition(", table ")[0], set(reasons), limit)
        if grid:
            return ingest.as_csv(_with_reasons(grid, reasons)).encode()
    return b""


def _with_reasons(grid: ingest.Grid, reasons: dict[int, str]) -> Iterator[list[str]]:
    yield ["row", "left out because", *grid.header]
    for number, cells in grid.rows:
        yield [str(number), reasons[number], *cells]
