"""The script itself: the page's settings, the menu by permission, the banner, the page."""

from __future__ import annotations

from itertools import chain

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from onemind import narrative, runtime, telemetry, ui
from onemind.access import EXPLORING, PAGES, PUBLISH
from onemind.errors import DataLost, NotWritable, OneMindError, Unreachable
from onemind.settings import ICON
from onemind.store import care
from onemind.ui import plain
from onemind.ui.base.fair_queue import QUEUE
from onemind.ui.shell import kiosk, style, who
from onemind.ui.shell.live import listen
from onemind.words import long_day

HIDDEN = ("Department",)
VIEWED = (*EXPLORING, "Letters")  # pages of a view: with the filter bar
LIVE = (*EXPLORING, "Versions")  # where a screen draws itself again when a version comes
OPEN = {"Explore": ""}  # a section without a name lies open in the menu


def run() -> None:
    """Draw one page for whoever is here."""
    telemetry.log.bind(session=ui.visitor.session())
    with telemetry.redraw() as redraw, QUEUE.turn():
        _draw(redraw)


def _draw(redraw: telemetry.Redraw) -> None:
    st.set_page_config(page_title="One Mind Campaign", page_icon=str(ICON), layout="wide")
    try:
        style.dress()
        pages = _pages()
        page = _menu(pages)
        redraw.page, redraw.opens = page.title, st.session_state.get(telemetry.PAGE) != page.title
        st.session_state[telemetry.PAGE] = page.title
        _banner()
        who.bar()
        body, foot = st.container(), st.container()
        with foot:  # before the page, which may stop early
            _foot(page.title)
        with body:
            if page.title in VIEWED:
                ui.frame.open_view(page.title)
            else:
                ui.frame.open_title(page.title)
            if kiosk.is_on():
                with foot:
                    kiosk.steer(page, [*chain(*pages.values())], ui.frame.opened())
            page.run()
            if page.title in EXPLORING and not kiosk.is_on():
                ui.exports.foot()
    except OneMindError as error:
        st.error(plain(_said(error)))
    except OSError as error:
        if not care.is_of_disk(error):
            raise
        st.error(plain(_said(care.worded(error))))


def _said(error: OneMindError) -> str:
    """Return what is wrong; to readers no more than that it is, where only staff can help."""
    if not isinstance(error, DataLost | NotWritable | Unreachable) or _is_staff():
        return str(error)
    return "This can't be shown now. Try again later, or tell whoever runs this dashboard."


def _is_staff() -> bool:
    try:
        return ui.visitor.user().may(PUBLISH)
    except OneMindError:
        return False


def _foot(title: str) -> None:
    if title in LIVE:
        listen()
    if not kiosk.is_on():
        who.foot()


def _pages() -> dict[str, list[StreamlitPage]]:
    """Return the pages that whoever is here may open, by section."""
    user = ui.visitor.user()
    sections = {
        OPEN.get(section, section): [
            st.Page(
                file,
                title=title,
                url_path=title.lower(),
                default=title == "Overview",
                visibility="hidden" if title in HIDDEN else "visible",
            )
            for file, title, permission in pages
            if user.may(permission) and user.may_open(title)
        ]
        for section, pages in PAGES.items()
    }
    return {name: found for name, found in sections.items() if found}


def _menu(pages: dict[str, list[StreamlitPage]]) -> StreamlitPage:
    if ui.visitor.user().may_open("Overview"):
        return st.navigation(pages, position="hidden" if kiosk.is_on() else "top")
    return _without_overview(pages)


def _without_overview(shown: dict[str, list[StreamlitPage]]) -> StreamlitPage:
    """Start with the first page there is: else it would lose its address to the start itself."""
    first = next(iter(shown.values()))[0]
    start = st.Page(lambda: None, title="Start", default=True, visibility="hidden")
    page = st.navigation({**shown, " ": [start]}, position="top")
    if page.title == start.title:
        st.switch_page(first)
    return page


def _banner() -> None:
    if ui.visitor.user().may(PUBLISH):
        for trouble in runtime.store().health.troubles():
            since = trouble.since.astimezone()
            began = f"Since {long_day(since.date())} {since:%H:%M}."
            says = plain(f"{trouble.says} {began} {trouble.action}")
            st.warning(says, icon=":material/build:")
    newest = ui.window().current()
    if newest and newest.sample:
        with st.container(key="sample"):
            st.markdown(f":material/science: {narrative.SAMPLE}")
