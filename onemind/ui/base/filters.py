"""The filter bar: one small button for each choice, which says in words what is chosen.

Every choice stands in the address as `Filter.address` writes it, so that a view can be sent to
somebody. The bar writes the address itself: Streamlit's own binding forgets a widget that lies in a
closed popover when the reader goes to another page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import streamlit as st

from onemind import runtime
from onemind.access import VERSIONS
from onemind.campaign import STAGES, Filter
from onemind.store import Version
from onemind.ui.base import queries, visitor
from onemind.ui.base.cache import cached_value
from onemind.ui.base.markdown import plain
from onemind.ui.base.view import View, window
from onemind.words import short_day

NEWEST = "Newest"
DIMENSIONS = {"state": "State", "county": "County", "type": "Type", "stage": "Stage"}
NAMES = (*DIMENSIONS, "as_of", "version")
WRITTEN = "address_written"  # what the bar wrote into the address last
LAST_DAY = "last_day"
FEW = 10  # so many options are laid out as buttons, more are searched
Address = dict[str, list[str]]


def bar(newest: Version) -> View:
    """Draw the bar, write what is chosen into the address, and return it."""
    asked = _asked()
    with st.container(horizontal=True, gap="xsmall", key="filters"):
        view = View(Filter(as_of=_day(asked), version=newest.number), newest, newest)
        view = _of_version(view, asked)
        narrowed: dict[str, Any] = {
            name: _values(name, options, asked)
            for name, options in _options(view).items()
            if len(options) > 1 or name != "state"
        }
        view = replace(view, filter=replace(view.filter, **narrowed))
        if any(narrowed.values()):
            st.button("Show all", type="tertiary", icon=":material/close:", on_click=_clear)
    _write(address(view))
    return view


@cached_value
def _options(view: View) -> dict[str, tuple[str, ...]]:
    everything = queries.progress(view)
    return {name: tuple(sorted(everything[name].dropna().unique())) for name in DIMENSIONS}


@lru_cache(maxsize=4096)
def label(dimension: str, value: str) -> str:
    """Return a value of a dimension as it is shown."""
    if dimension in ("state", "county"):
        return value
    return STAGES.get(value, value.capitalize())


def address(view: View) -> Address:
    """Return the view as the address has it; today and the newest version are left out."""
    narrowed = replace(
        view.filter,
        as_of=None if view.as_of == runtime.today() else view.as_of,
        version=None if view.version == view.newest else view.version.number,
    )
    pairs = narrowed.address().items()
    return {name: [values] if isinstance(values, str) else values for name, values in pairs}


def _asked() -> Address:
    """Return what to start from: the address, or what was chosen before it was left out of it.

    An address that the bar did not write came with a link: it wins over what the widgets hold.
    """
    written: Address = st.session_state.get(WRITTEN, {})
    values = {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}
    if not values or values == written:
        return written
    for name in NAMES:
        st.session_state.pop(name, None)
    return values


def _day(asked: Address) -> date:
    """Ask for the as-of date."""
    if "as_of" not in st.session_state:
        st.session_state["as_of"] = _plain(asked).as_of or runtime.today()
    if st.session_state["as_of"] == st.session_state.get(LAST_DAY):  # open past midnight
        st.session_state["as_of"] = runtime.today()
    st.session_state[LAST_DAY] = runtime.today()
    last = (
        None if visitor.user().may(VERSIONS) else runtime.today()
    )  # no looking ahead for partners
    if last:
        st.session_state["as_of"] = min(last, st.session_state["as_of"])
    day = st.session_state["as_of"]
    is_today = day == runtime.today()
    with _choice("as_of", "As of today" if is_today else f"As of {short_day(day)}", is_today):
        found: date = st.date_input("As of", key="as_of", required=True, max_value=last)
        st.caption("Counts only what is dated on or before this day.")
    return found


def _of_version(view: View, asked: Address) -> View:
    """Ask for the version, where there are several to choose from."""
    newest = view.newest
    if newest.number == 1 or not visitor.user().may(VERSIONS):
        return view
    numbers: list[str | int] = [NEWEST, *range(newest.number - 1, 0, -1)]
    if st.session_state.get("version") not in numbers:
        number = _plain(asked).version
        st.session_state["version"] = number if number in numbers else NEWEST
    chosen = st.session_state["version"]
    said = newest.number if chosen == NEWEST else chosen
    with _choice("version", f"Version {said}", chosen == NEWEST):
        wanted = st.selectbox("Version", numbers, key="version")
        st.caption("An older version shows the data exactly as published then.")
    version = window().version(wanted) if isinstance(wanted, int) else newest
    assert version is not None
    return View(replace(view.filter, version=version.number), version, newest)


def _values(name: str, options: tuple[str, ...], asked: Address) -> tuple[str, ...]:
    """Ask which values of a dimension to keep; none means all."""
    values = st.session_state.get(name)
    if values is None:
        values = _known(name, options, asked[name]) if name in asked else []
    st.session_state[name] = chosen = [value for value in values if value in options]
    more = f" and {len(chosen) - 1} more" if len(chosen) > 1 else ""
    title = DIMENSIONS[name]
    summary = f"{title}: {plain(label(name, chosen[0]))}{more}" if chosen else title
    with _choice(name, summary, not chosen):
        if len(options) <= FEW:
            form: dict[str, Any] = {"format_func": lambda value: plain(label(name, value))}
            return tuple(st.pills(title, options, selection_mode="multi", key=name, **form))
        form = {"format_func": lambda value: label(name, value)}
        return tuple(st.multiselect(title, options, placeholder="All", key=name, **form))


def _known(name: str, options: tuple[str, ...], asked: list[str]) -> list[str]:
    """Return which options are asked for, be it as they are or as they are shown."""
    known = {label(name, value): value for value in options} | {item: item for item in options}
    return [known[value] for value in asked if value in known]


@contextmanager
def _choice(name: str, summary: str, is_default: bool) -> Iterator[None]:
    kind: Any = "secondary" if is_default else "primary"
    with st.popover(summary, type=kind, key=f"choose_{name}"):
        yield


def _plain(asked: Address) -> Filter:
    return Filter.from_address({name: values[0] for name, values in asked.items() if values})


def _write(wanted: Address) -> None:
    st.session_state[WRITTEN] = wanted
    current = {name: st.query_params.get_all(name) for name in st.query_params}
    others = {
        name: values for name, values in current.items() if name not in NAMES or name in wanted
    }
    address = {**others, **{name: values for name, values in wanted.items() if values}}
    if address != current:  # at once: the browser keeps a place to go back to for every change
        st.query_params.from_dict(address)


def _clear() -> None:
    for name in DIMENSIONS:
        if name in st.session_state:
            st.session_state[name] = []
