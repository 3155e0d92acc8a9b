"""Drawings are made once for whoever sees the same thing, and shared with nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from onemind import runtime, ui
from onemind.access import User
from onemind.campaign import Filter, Scope
from onemind.ui.base import cache, visitor
from tests.conftest import Campaign

DEPARTMENTS = "department_id,name,type,state\nD1,Lee,municipal,MA\nD2,Keene,municipal,NH\n"
STAFF = User("Ann", "staff")


@pytest.fixture
def drawn(
    campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> tuple[Callable[..., None], list[str], ui.View]:
    """Return a drawing, the list of those it was drawn for, and a view."""
    store = campaign(departments=DEPARTMENTS).store
    version = store.current()
    assert version is not None
    monkeypatch.setattr(runtime, "store", lambda: store)
    monkeypatch.setattr(cache, "is_dark", lambda: False)
    monkeypatch.setattr(visitor, "user", lambda: STAFF)
    made: list[str] = []

    @ui.drawing
    def draw(view: ui.View, *more: object) -> None:
        made.append(ui.visitor.user().name)

    st.cache_data.clear()
    return draw, made, ui.View(Filter(as_of=date(2026, 6, 30), version=1), version, version)


def test_a_drawing_is_made_once(drawn, monkeypatch) -> None:
    draw, made, view = drawn
    draw(view)
    monkeypatch.setattr(visitor, "user", lambda: User("Bob", "staff"))
    draw(view)
    assert made == ["Ann"]


@pytest.mark.parametrize(
    "other",
    [
        User("Other", "staff", Scope(state=("MA",))),
        User("Other", "viewer"),
        User("Other", "partner"),
        User("Other", "staff", pages=("Overview",)),
        User("Other", "staff", version=1),
    ],
)
def test_nobody_is_shown_what_was_drawn_for_another_sight(drawn, monkeypatch, other: User) -> None:
    draw, made, view = drawn
    draw(view)
    monkeypatch.setattr(visitor, "user", lambda: other)
    draw(view)
    assert made == ["Ann", "Other"]


def test_what_is_looked_at_decides_too(drawn, monkeypatch) -> None:
    draw, made, view = drawn
    draw(view)
    draw(view, "pledged")
    draw(view, "pledged", 3)
    draw(replace(view, filter=Filter(state=("MA",), as_of=view.as_of, version=1)))
    draw(replace(view, filter=Filter(as_of=date(2020, 1, 1), version=1)))
    draw(replace(view, version=replace(view.version, snapshot=99)))
    monkeypatch.setattr(cache, "is_dark", lambda: True)
    draw(view)
    assert len(made) == 7


def test_what_has_no_plain_text_is_refused_as_a_key(drawn) -> None:
    draw, _, view = drawn
    with pytest.raises(TypeError, match="plain values"):
        draw(view, pd.DataFrame({"a": range(100)}))


def test_a_replayed_drawing_is_on_the_page_again() -> None:
    def script() -> None:
        from onemind.ui.base import cache

        def draw() -> tuple[()]:
            import streamlit as st

            with st.container(border=True):
                st.markdown("drawn once")
            return ()

        cache._replayed("a key of this test", draw)

    app = AppTest.from_function(script, default_timeout=30)
    for _ in range(2):
        app.run()
        assert [item.value for item in app.markdown] == ["drawn once"]


def test_what_is_kept_is_made_once_and_a_frame_is_everybodys_own(drawn, monkeypatch) -> None:
    _, _, view = drawn
    made: list[str] = []

    @ui.cached_value
    def frame(view: ui.View, name: str) -> pd.DataFrame:
        made.append(name)
        return pd.DataFrame({name: [1, 2]})

    st.cache_resource.clear()
    mine = frame(view, "a")
    mine["a"] = 0
    assert list(frame(view, "a")["a"]) == [1, 2]
    monkeypatch.setattr(visitor, "user", lambda: User("Other", "partner"))
    frame(view, "a")
    frame(view, "b")
    assert made == ["a", "a", "b"]


def test_a_kept_figure_is_sent_as_it_was_made(drawn) -> None:
    _, _, view = drawn

    @ui.cached_value
    def figure(view: ui.View) -> go.Figure:
        return go.Figure(go.Bar(x=[1, 2], y=["a", "b"]))

    st.cache_resource.clear()
    first = figure(view)
    assert first.to_json() == figure(view).to_json()
    assert first.to_dict() is figure(view).to_dict()
