"""Cached questions: answered once for all who may see the same, never across scopes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
import streamlit as st

from onemind import runtime, ui
from onemind.access import User
from onemind.campaign import Filter, Scope
from onemind.store import Window
from onemind.ui.base import visitor
from tests.conftest import Campaign

DEPARTMENTS = "department_id,name,type,state\nD1,Lee,municipal,MA\nD2,Keene,municipal,NH\n"
ASKED: list[str] = []


@ui.cached_query(8)
def names(window: Window, version: int) -> pd.DataFrame:
    ASKED.append(window.sight.scope.words())
    with window.reading(version, ["departments"]) as con:
        rows = con.execute("select name from departments order by name").fetchall()
    return pd.DataFrame(rows, columns=["name"])


@ui.cached_query(8)
def states(window: Window, version: int) -> pd.DataFrame:
    with window.reading(version, ["departments"]) as con:
        rows = con.execute("select state from departments order by state").fetchall()
    return pd.DataFrame(rows, columns=["state"])


@pytest.fixture
def look_as(
    campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> Callable[[User], None]:
    store = campaign(departments=DEPARTMENTS).store
    monkeypatch.setattr(runtime, "store", lambda: store)
    st.cache_resource.clear()
    ASKED.clear()
    return lambda user: monkeypatch.setattr(visitor, "user", lambda: user)


def test_who_may_see_the_same_is_given_the_same_answer(look_as: Callable[[User], None]) -> None:
    for name in ("Ann", "Bob"):
        look_as(User(name, "staff"))
        assert list(names(1)["name"]) == ["Keene", "Lee"]
    assert len(ASKED) == 1


def test_a_scope_is_put_on_by_the_helper_and_never_crossed(
    look_as: Callable[[User], None],
) -> None:
    seen = {}
    for scope in (Scope(), Scope(state=("MA",)), Scope(state=("NH",))):
        look_as(User("guest", "partner", scope))
        seen[scope] = list(names(1)["name"])
    assert list(seen.values()) == [["Keene", "Lee"], ["Lee"], ["Keene"]]
    assert len(ASKED) == 3


def test_two_questions_with_the_same_arguments_are_two_answers(
    look_as: Callable[[User], None],
) -> None:
    look_as(User("Ann", "staff"))
    assert list(names(1)) == ["name"]
    assert list(states(1)) == ["state"]


def test_whoever_writes_into_an_answer_changes_nobody_elses(
    look_as: Callable[[User], None],
) -> None:
    look_as(User("Ann", "staff"))
    mine = names(1)
    mine["name"] = "changed"
    assert list(names(1)["name"]) == ["Keene", "Lee"]


def test_what_has_no_plain_text_is_refused_as_an_argument(
    look_as: Callable[[User], None],
) -> None:
    look_as(User("Ann", "staff"))
    with pytest.raises(TypeError, match="plain values"):
        names(pd.DataFrame({"a": range(100)}))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="plain values"):
        names(version=1)


def test_a_filter_is_a_plain_value(look_as: Callable[[User], None]) -> None:
    look_as(User("Ann", "staff"))

    @ui.cached_query(8)
    def counted(window: Window, chosen: Filter) -> int:
        return len(chosen.state)

    assert counted(Filter(state=("MA", "NH"))) == 2
    assert counted(Filter(state=("MA",))) == 1
