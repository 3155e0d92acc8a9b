"""The filter bar: one small button for each choice, which says in words what is chosen.

Every choice stands in the address, so that a view can be sent to somebody. The bar is drawn by the
script and not by a page: what a page's own widgets bind to the address is dropped when the reader
goes to another page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from onemind import ui
from onemind.filters import Filter
from onemind.headline import STAGES
from onemind.store import Version

NEWEST = "Newest"
DIMENSIONS = {"state": "State", "county": "County", "type": "Type", "stage": "Stage"}
FEW = 10  # so many options are laid out as buttons, more are searched


def bar(newest: Version) -> ui.View:
    """Draw the bar and return what is chosen."""
    with st.container(horizontal=True, gap="xsmall", key="filters"):
        whole, version = _when(newest)
        everything = ui.progress(ui.View(whole, version, newest))
        options = {name: sorted(everything[name].dropna().unique()) for name in DIMENSIONS}
        narrowed: dict[str, Any] = {
            name: _values(name, found)
            for name, found in options.items()
            if len(found) > 1 or name != "state"
        }
        if any(narrowed.values()):
            st.button("Show all", type="tertiary", icon=":material/close:", on_click=_clear)
    return ui.View(replace(whole, **narrowed), version, newest)


def label(dimension: str, value: str) -> str:
    """Return a value of a dimension as it is shown and as it stands in the address."""
    if dimension in ("state", "county"):
        return value
    return STAGES.get(value, value.capitalize())


def _when(newest: Version) -> tuple[Filter, Version]:
    """Ask for the as-of date and the version."""
    chosen = _in_address("as_of")
    with _choice("as_of", f"As of {chosen[0] if chosen else 'today'}", bool(chosen)):
        day = st.date_input("As of", ui.today(), key="as_of", bind="query-params")
        st.caption("Only what is dated on or before this day counts.")
    if newest.number == 1 or ui.user().version is not None:
        return Filter(as_of=day, version=newest.number), newest
    numbers: list[str | int] = [NEWEST, *range(newest.number - 1, 0, -1)]
    chosen = [item for item in _in_address("version") if item != NEWEST]
    with _choice("version", f"Version {chosen[0] if chosen else newest.number}", bool(chosen)):
        wanted = st.selectbox("Version", numbers, key="version", bind="query-params")
        st.caption("What was published then, as it was.")
    version = ui.window().version(wanted) if isinstance(wanted, int) else newest
    assert version is not None
    return Filter(as_of=day, version=version.number), version


def _values(name: str, options: list[str]) -> tuple[str, ...]:
    """Ask which values of a dimension to keep; none means all."""
    _take_plain(name, options)
    title, chosen = DIMENSIONS[name], _in_address(name)
    more = f" and {len(chosen) - 1} more" if len(chosen) > 1 else ""
    said = f"{title}: {chosen[0]}{more}" if chosen else title
    with _choice(name, said, bool(chosen)):
        given: dict[str, Any] = {
            "key": name, "bind": "query-params", "format_func": lambda value: label(name, value),
        }  # fmt: skip
        if len(options) <= FEW:
            return tuple(st.pills(title, options, selection_mode="multi", **given))
        return tuple(st.multiselect(title, options, placeholder="All", **given))


@contextmanager
def _choice(name: str, said: str, chosen: bool) -> Iterator[None]:
    kind: Any = "primary" if chosen else "secondary"
    with st.popover(said, type=kind, key=f"choose_{name}"):
        yield


def _in_address(name: str) -> list[str]:
    """Return what is chosen, as the address writes it, before the widget itself is drawn."""
    if name not in st.session_state:
        return st.query_params.get_all(name)
    value = st.session_state[name]
    if isinstance(value, date):
        return [] if value == ui.today() else [f"{value.day} {value:%b %Y}"]
    return [label(name, item) for item in value] if isinstance(value, list) else [str(value)]


def _take_plain(name: str, options: list[str]) -> None:
    """Take values as the data write them (due_soon) too: links made elsewhere hold those."""
    given = st.query_params.get_all(name) if name not in st.session_state else []
    plain = [value for value in given if value in options and value != label(name, value)]
    if plain:
        st.session_state[name] = plain


def _clear() -> None:
    for name in DIMENSIONS:
        if name in st.session_state:
            st.session_state[name] = []
