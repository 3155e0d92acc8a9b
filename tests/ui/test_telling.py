"""What a page tells of itself: it is opened once, each redraw is timed, a question is cached."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from onemind import telemetry
from onemind.ui.base import visitor
from onemind.ui.shell import script
from tests.conftest import Campaign
from tests.support.screens import dashboard
from tests.support.told import lines, logged, moved, number

LookAt = Callable[[Path], None]


def test_a_page_is_opened_once_and_each_run_is_a_redraw(sample: Campaign, look_at: LookAt) -> None:
    look_at(sample.store.settings.store)
    telemetry.start()
    with (
        moved("onemind_page_opens_total", page="Overview"),
        moved("onemind_page_opens_total", page="Training"),
        moved("onemind_redraw_seconds_count", 2, page="Overview"),
        moved("onemind_redraw_seconds_count", page="Training"),
    ):
        app = dashboard().run()
        app.run()
        app.switch_page("pages/explore/training.py").run()
        assert not app.exception


def test_a_question_is_a_miss_the_first_time_and_a_hit_after_that(
    sample: Campaign, look_at: LookAt
) -> None:
    look_at(sample.store.settings.store)
    telemetry.start()
    dashboard().run()
    misses = number("onemind_query_cache_lookups_total", outcome="miss")
    hits = number("onemind_query_cache_lookups_total", outcome="hit") or 0
    dashboard().run()
    assert number("onemind_query_cache_lookups_total", outcome="miss") == misses
    assert (number("onemind_query_cache_lookups_total", outcome="hit") or 0) > hits


def test_the_lines_of_a_run_have_its_session(
    sample: Campaign, look_at: LookAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(sample.store.settings.store)
    monkeypatch.setattr(visitor, "session", lambda: "a1b2c3")
    with logged() as written:
        dashboard().run()
    (opened,) = [line for line in lines(written) if line["event"] == "page opened"]
    assert (opened["page"], opened["session"]) == ("Overview", "a1b2c3")
    assert opened["ms"] > 0


def test_an_error_of_a_page_is_in_the_log_with_its_session_and_not_on_the_screen(
    sample: Campaign, look_at: LookAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("of ann@example.org")

    look_at(sample.store.settings.store)
    monkeypatch.setattr(visitor, "session", lambda: "a1b2c3")
    monkeypatch.setattr(script, "_banner", broken)
    monkeypatch.setattr(logging.getLogger("streamlit.error_util"), "propagate", True)
    telemetry.start()
    with logged() as written, moved("onemind_errors_total", work="redraw"):
        dashboard().run()
    (failed,) = [line for line in lines(written) if "exception" in line]
    assert failed["session"] == "a1b2c3"
    assert "RuntimeError: of [email]" in failed["exception"]
