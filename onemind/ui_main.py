"""The script itself: the page's settings, the menu by permission, the banner, the page."""

from __future__ import annotations

from itertools import chain

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from onemind import ui, ui_account, ui_frame, ui_kiosk, ui_shared, ui_style
from onemind.access import ADMINISTER, EXPLORE, PUBLISH, SHARE, Permission
from onemind.errors import OneMindError
from onemind.settings import ROOT
from onemind.ui_live import listen
from onemind.ui_text import plain
from onemind.ui_turns import TURNS

# (file, title, permission); the folder is the menu section and the permission.
PAGES: dict[str, tuple[tuple[str, str, Permission], ...]] = {
    "Explore": (
        ("pages/explore/overview.py", "Overview", EXPLORE),
        ("pages/explore/map.py", "Map", EXPLORE),
        ("pages/explore/departments.py", "Departments", EXPLORE),
        ("pages/explore/department.py", "Department", EXPLORE),
        ("pages/explore/training.py", "Training", EXPLORE),
        ("pages/explore/partners.py", "Partners", EXPLORE),
        ("pages/explore/outcomes.py", "Outcomes", EXPLORE),
        ("pages/explore/methodology.py", "Methodology", EXPLORE),
    ),
    "Publish": (
        ("pages/publish/upload.py", "Upload", PUBLISH),
        ("pages/publish/versions.py", "Versions", PUBLISH),
        ("pages/publish/boundaries.py", "Boundaries", PUBLISH),
    ),
    "Admin": (
        ("pages/admin/links.py", "Links", SHARE),
        ("pages/admin/people.py", "People", ADMINISTER),
        ("pages/admin/activity.py", "Activity", ADMINISTER),
    ),
}
ICON = ROOT / "pages" / "icon.png"
EXPLORING = tuple(title for _, title, permission in PAGES["Explore"])
HIDDEN = ("Department",)
LIVE = (*EXPLORING, "Versions")  # where a screen draws itself again when a version comes
OPEN = {"Explore": ""}  # a section without a name lies open in the menu
SAMPLE = (
    "**Sample campaign.** The places are real, the figures are made up. "
    "The first publish of real data replaces all of it."
)


def shareable() -> tuple[str, ...]:
    """Return the titles of the pages that a share link may open."""
    return EXPLORING


def run() -> None:
    """Draw one page for whoever is here."""
    with TURNS.turn():
        _draw()


def _draw() -> None:
    st.set_page_config(page_title="One Mind Campaign", page_icon=str(ICON), layout="wide")
    try:
        ui_style.dress()
        pages = _pages()
        page = _menu(pages)
        _banner()
        ui_shared.bar()
        body, foot = st.container(), st.container()
        with foot:  # before the page, which may stop early
            _foot(page.title)
        with body:
            if page.title in EXPLORING:
                ui_frame.open_view(page.title)
            else:
                ui_frame.open_title(page.title)
            if ui_kiosk.is_on():
                with foot:
                    ui_kiosk.steer(page, [*chain(*pages.values())], ui_frame.opened())
            page.run()
    except OneMindError as error:
        st.error(plain(str(error)))


def _foot(title: str) -> None:
    if title in LIVE:
        listen()
    if not ui_kiosk.is_on():
        ui_account.foot()


def _pages() -> dict[str, list[StreamlitPage]]:
    """Return the pages that whoever is here may open, by section."""
    user = ui.user()
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
    if ui.user().may_open("Overview"):
        return st.navigation(pages, position="hidden" if ui_kiosk.is_on() else "top")
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
    newest = ui.window().current()
    if newest and newest.sample:
        with st.container(key="sample"):
            st.markdown(f":material/science: {SAMPLE}")
