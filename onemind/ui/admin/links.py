"""Making a share link: what it shows, for how long, and to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from onemind import access, runtime, ui
from onemind.access import SHARE, departments, require
from onemind.access.links import MOST_DAYS, Terms
from onemind.campaign import Scope
from onemind.errors import OneMindError
from onemind.geography import state_name
from onemind.ui import plain
from onemind.ui.admin.links_made import keep
from onemind.words import counted

FIELDS = (
    "link_label", "link_states", "link_counties", "link_types", "link_departments", "link_pages",
    "link_held", "link_downloads", "link_ends", "link_passphrase", "link_sites",
)  # fmt: skip
EVERY = "Always the newest version"


def ask() -> None:
    """Ask for a link's terms and make it."""
    is_first = not runtime.appdb().links.all()
    with st.expander("Create a link", expanded=is_first, icon=":material/add_link:"):
        label = st.text_input(
            "Who is it for?",
            key="link_label",
            max_chars=access.links.LONGEST_LABEL,
            placeholder="State office of NAMI",
            help="Anyone who opens the link can read this.",
        )
        scope = _scope()
        pages = _pages()
        left, right = st.columns(2)
        with left:
            version = _version()
            downloads = st.checkbox("Allow downloads", key="link_downloads")
        with right:
            days = _days()
        passphrase, sites = _more()
        terms = Terms(label, scope, pages, downloads, version, days, passphrase, sites)
        if st.button("Create the link", type="primary", key="make_link"):
            _make(terms)


@st.cache_data(max_entries=4, show_spinner=False)
def _departments(place: str, version: int) -> list[dict[str, str | None]]:
    return departments(runtime.store(), version)


def _scope() -> Scope:
    """Ask which departments; what is chosen first narrows what can be chosen next."""
    newest = runtime.store().current()
    rows = _departments(str(runtime.store().settings.store), newest.number if newest else 0)
    with st.container(horizontal=True):
        appdb = _chosen("States", "link_states", _values(rows, "state"), state_name)
        rows = [row for row in rows if not appdb or row["state"] in appdb]
        county = _chosen("Counties", "link_counties", _values(rows, "county"), str)
        rows = [row for row in rows if not county or row["county"] in county]
        kind = _chosen("Types", "link_types", _values(rows, "type"), str.capitalize)
        rows = [row for row in rows if not kind or row["type"] in kind]
    names = {str(row["department_id"]): _named(row) for row in rows}
    only = _chosen("Only these departments", "link_departments", list(names), names.__getitem__)
    scope = Scope(appdb, county, kind, only)
    count = counted(len(only) or len(rows), "department")
    st.caption(f"It shows {count}: {plain(scope.words())}." if scope.chosen() else
               f"It shows all of the {count}.")  # fmt: skip
    return scope


def _values(rows: list[dict[str, str | None]], name: str) -> list[str]:
    return sorted({value for row in rows if (value := row[name])})


def _named(row: dict[str, str | None]) -> str:
    return f"{row['name']} ({row['county'] or row['state']})"


def _chosen(title: str, key: str, options: list[str], words: Any) -> tuple[str, ...]:
    kept = [item for item in st.session_state.get(key, []) if item in options]
    if key in st.session_state:
        st.session_state[key] = kept  # what was chosen first may have taken an option away
    chosen = st.multiselect(title, options, format_func=words, key=key, placeholder="All")
    return tuple(chosen)


def _pages() -> tuple[str, ...] | None:
    titles = access.shareable()
    chosen = st.multiselect(
        "Pages", titles, key="link_pages", placeholder="All",
        format_func=lambda title: "Each department's own page" if title == "Department" else title,
    )  # fmt: skip
    return tuple(chosen) or None


def _version() -> int | None:
    numbers = [item.number for item in runtime.store().versions()[::-1]]
    number: int | None = st.selectbox(
        "Which data",
        [None, *numbers],
        format_func=lambda item: EVERY if item is None else f"Fixed at version {item}",
        key="link_held",
    )
    return number


def _days() -> int:
    today = datetime.now(UTC).date()
    ends: date = st.date_input(
        "Ends on",
        today + timedelta(days=30),
        min_value=today + timedelta(days=1),
        max_value=today + timedelta(days=MOST_DAYS),
        key="link_ends",
        help=f"The last day it can be opened, at most {MOST_DAYS} days from now.",
    )
    return (ends - today).days


def _more() -> tuple[str, tuple[str, ...]]:
    with st.popover("Passphrase and embedding", icon=":material/tune:"):
        passphrase = st.text_input(
            "Passphrase (optional)",
            type="password",
            key="link_passphrase",
            autocomplete="new-password",
            help="People enter it when they open the link. Send it separately from the link.",
        )
        sites = st.text_area(
            "Sites that may embed it, one per line",
            key="link_sites",
            placeholder="https://www.example.org",
            help="Only these sites can show the dashboard in a frame.",
        )
    return passphrase, tuple(line for line in sites.splitlines() if line.strip())


def _make(terms: Terms) -> None:
    user = ui.visitor.user()
    require(user, SHARE)
    try:
        link, token = access.links.make(
            runtime.appdb(), runtime.store(), terms, access.shareable(), user.name,
            datetime.now(UTC), ui.visitor.ip(),
        )  # fmt: skip
    except OneMindError as error:
        st.error(plain(str(error)))
        return
    keep(link, token)
    for name in FIELDS:
        st.session_state.pop(name, None)
    st.rerun()
