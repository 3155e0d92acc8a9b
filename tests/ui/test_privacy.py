"""What lies outside a scope reaches nobody who looks through it: every page, every way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from onemind import documents, metrics, ui
from onemind.access import PAGES, User, shareable
from onemind.campaign import DATASETS, DIMENSIONS, Filter, contract
from onemind.documents import briefs
from onemind.errors import NotAllowed, OneMindError
from onemind.metrics import Query
from onemind.settings import Settings
from onemind.store import Store, Window
from onemind.ui.base import exports, queries, visitor
from tests.support.screens import OVERVIEW, screen
from tests.support.worlds import FORBIDDEN, INSIDE, SCOPE, World, told, world

TODAY = date.today()
EXPLORING = [(file, title) for file, title, permission in PAGES["Explore"]]
Open = Callable[..., AppTest]
PARTNER = User("A partner", "partner", SCOPE, until=TODAY + timedelta(days=9), id="l1")
DOWNLOADS = User("A partner", "partner", SCOPE, downloads=True, until=TODAY, id="l1")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    folder = tmp_path_factory.mktemp("worlds")
    return (
        world(folder / "one", "Qzebra", 86_131, 3, TODAY),
        world(folder / "two", "Qlynx", 5_731_977, 7, TODAY),
    )


@pytest.fixture
def page(look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as somebody; what buttons would hand out is said on the page too."""
    monkeypatch.setattr(briefs, "pdf", lambda facts: repr(sorted(facts.items())).encode())
    monkeypatch.setattr(st, "download_button", _handed_out)

    def run(file: str, where: World, user: User, **address: Any) -> AppTest:
        look_at(where.folder)
        monkeypatch.setattr(visitor, "user", lambda: user)
        return screen(file if user.may_open("Overview") else OVERVIEW, **address)

    return run


def _handed_out(label: str, data: Any, *, file_name: str = "", **_: Any) -> bool:
    content = data() if callable(data) else data
    text = content if isinstance(content, str) else content.decode("latin-1")
    st.text(f"{label} {file_name}\n{text}")
    return False


def test_the_marks_are_seen_by_whoever_may_see_all(page: Open, worlds: tuple[World, World]) -> None:
    """Else this file would prove nothing."""
    staff, seen = User("pat", "staff"), set()
    for file, _ in EXPLORING:
        said = told(page(file, worlds[0], staff, id=worlds[0].outside_id))
        seen |= worlds[0].found_in(said)
        assert "Qauthor" in said
    assert len(seen & worlds[0].texts) > 10
    assert len(seen - worlds[0].texts) > 5


@pytest.mark.parametrize(("file", "title"), EXPLORING)
def test_no_page_says_anything_of_what_is_outside_the_scope(
    page: Open, worlds: tuple[World, World], file: str, title: str
) -> None:
    address = {"id": INSIDE[0]} if title == "Department" else {}
    one, two = (told(_sound(page(file, here, DOWNLOADS, **address))) for here in worlds)
    assert worlds[0].found_in(one) == set()
    assert [word for word in FORBIDDEN if word in one] == []
    assert list(unified_diff(_steady(one), _steady(two), n=0)) == []


def _sound(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    return app


def _steady(said: str) -> list[str]:
    """The lines said, without the moment the store was published at."""
    return re.sub(
        r"\d{1,2} \w+ 20\d\d \d\d:\d\d|(?<='published', )\d{10}", "then", said
    ).splitlines()


@pytest.mark.parametrize(("file", "title"), EXPLORING)
def test_no_choice_on_a_page_reveals_it_either(
    page: Open, worlds: tuple[World, World], file: str, title: str
) -> None:
    address = {"id": INSIDE[0]} if title == "Department" else {}
    app = page(file, worlds[0], DOWNLOADS, **address)
    for label, options in [(widget.label, widget.options) for widget in choices(app)]:
        for option in options[:3]:
            widget = next((item for item in choices(app) if item.label == label), None)
            if widget is None:  # another choice took it off the page
                break
            choose(widget, option)
            app.run()
            assert not app.exception, (title, label, option)
            assert worlds[0].found_in(told(app)) == set(), (title, label, option)


def choices(app: AppTest) -> list[Any]:
    return [*app.selectbox, *app.segmented_control, *app.radio]


class Chosen(ButtonGroup[Any]):
    """Buttons of which one is chosen by the word on it, as a browser does."""

    formatted_values = property(lambda self: [self.word])


def choose(widget: Any, option: str) -> None:
    if isinstance(widget, ButtonGroup):
        widget.__class__ = Chosen
        widget.word = option  # type: ignore[attr-defined]
    else:
        widget.select_index(widget.options.index(option))


ADDRESSES = (
    {"county": "Qzebracounty0", "state": "NH", "type": "municipal"},
    {"version": "999", "as_of": "2999-01-01"},
    {"id": "Qzebradepartment_id0", "partner": "Qzebrapartner_id0", "search": "Qzebra",
     "level": "county", "place": "Qzebracounty1"},
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: next(iter(address)))
def test_an_address_widens_nothing(
    page: Open, worlds: tuple[World, World], address: dict[str, str]
) -> None:
    """What the visitor wrote may come back to them; nothing that they did not write may."""
    own = set(address.values())
    for file, title in EXPLORING:
        app = page(file, worlds[0], PARTNER, **address)
        assert not app.exception, title
        said = told(app)
        assert worlds[0].found_in(said) <= own, title
        assert "2999" not in said.replace(address.get("as_of", "-"), ""), title


def test_a_department_outside_answers_as_one_that_does_not_exist(
    page: Open, worlds: tuple[World, World]
) -> None:
    file = "pages/explore/department.py"
    outside, nowhere = worlds[0].outside_id, "Qnowheredept"
    one, two = (told(page(file, worlds[0], PARTNER, id=item)) for item in (outside, nowhere))
    for spelled in (outside, outside.replace("_", r"\_")):  # a text in Markdown is escaped
        one = one.replace(spelled, "?")
    two = two.replace(nowhere, "?")
    assert _steady(one) == _steady(two)
    assert "There is no department" in one


def test_two_partners_on_one_server_never_see_each_other_s_drawings(
    page: Open, worlds: tuple[World, World]
) -> None:
    other = User("Another", "partner", type(SCOPE)(state=("NH",)), until=TODAY, id="l2")
    for file, title in EXPLORING:
        for user, strange in ((other, "inside"), (PARTNER, "Qzebra")):
            said = told(page(file, worlds[0], user))
            assert f"{strange}name" not in said, (title, user.name)
            assert f"{strange}municipality" not in said, (title, user.name)


@pytest.mark.parametrize("title", shareable())
def test_a_link_for_one_page_opens_it_alone(
    page: Open, worlds: tuple[World, World], title: str
) -> None:
    file = next(file for file, name in EXPLORING if name == title)
    user = User("A partner", "partner", SCOPE, (title,), until=TODAY, id="l1")
    app = page(file, worlds[0], user)
    assert not app.exception
    assert app.title[0].value == title
    for other, name in EXPLORING:
        if name != title:
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                app.switch_page(other)


def test_without_leave_to_download_no_page_offers_a_file(
    page: Open, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []
    monkeypatch.setattr(st, "download_button", lambda label, *_, **__: offered.append(label))
    for file, _ in EXPLORING:
        page(file, worlds[0], PARTNER, id=INSIDE[0])
    assert offered == []
    page("pages/explore/departments.py", worlds[0], DOWNLOADS)
    assert offered


@pytest.mark.parametrize(("file", "title"), EXPLORING)
def test_the_files_at_the_foot_of_a_page_hold_nothing_from_outside_either(
    page: Open, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch, file: str, title: str
) -> None:
    held: list[str] = []

    def keep(saved: exports.Saved) -> bytes:
        offer = saved.offer
        held.append(repr((offer.title, saved.notes, saved.name(), offer.columns, offer.rows)))
        return saved.csv()

    monkeypatch.setattr(exports.Saved, "xlsx", keep)
    address = {"id": INSIDE[0]} if title == "Department" else {}
    app = page(file, worlds[0], DOWNLOADS, **address)
    app.session_state["exports"] = True
    said = "\n".join([told(app.run()), *held])
    assert held or title == "Methodology"
    assert worlds[0].found_in(said) == set()
    assert [word for word in FORBIDDEN if word in said] == []


def test_a_viewer_sees_all_departments_and_nobody_to_call(
    page: Open, worlds: tuple[World, World]
) -> None:
    for file, title in EXPLORING:
        said = told(page(file, worlds[0], User("vi", "viewer"), id=INSIDE[0]))
        assert "Qcontact" not in said, title


def test_every_way_out_beside_the_pages_is_narrowed_too(worlds: tuple[World, World]) -> None:
    store = Store(Settings(store=worlds[0].folder))
    window, chosen = Window(store, PARTNER.sight), Filter(as_of=TODAY)
    said = [metrics.export.dataset(window, name).frame().to_csv() for name in DATASETS
            if not contract(name).names_officers]  # fmt: skip
    said.append(metrics.progress(window, chosen, TODAY).frame().to_csv())
    for metric in metrics.metrics():
        for by in ((), *((name,) for name in DIMENSIONS)):
            said.append(metrics.query(window, Query(metric, by, chosen), TODAY).frame().to_csv())
    store.close()
    assert worlds[0].found_in("\n".join(said)) == set()
    assert [word for word in FORBIDDEN if word in "\n".join(said)] == []


def test_a_brief_of_a_department_outside_is_refused_as_of_one_that_does_not_exist(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(Settings(store=worlds[0].folder))
    monkeypatch.setattr(briefs, "pdf", lambda facts: repr(facts).encode())
    window, refusals = Window(store, PARTNER.sight), []
    for department in (worlds[0].outside_id, "Qnowhere"):
        with pytest.raises(OneMindError) as refusal:
            documents.brief(window, Filter(as_of=TODAY), TODAY, department)
        refusals.append(str(refusal.value).replace(department, "?"))
    assert refusals[0] == refusals[1]
    made = documents.brief(window, Filter(as_of=TODAY), TODAY).decode()
    store.close()
    assert worlds[0].found_in(made) == set()


def test_rows_about_officers_are_refused_to_a_partner(
    worlds: tuple[World, World],
    look_at: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_at(worlds[0].folder)
    monkeypatch.setattr(visitor, "user", lambda: DOWNLOADS)
    version = ui.window().current()
    assert version
    view = ui.View(Filter(as_of=TODAY), version, version)
    for name in DATASETS:
        if contract(name).names_officers:
            with pytest.raises(NotAllowed):
                queries.dataset(view, name)
