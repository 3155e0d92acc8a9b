"""The log: JSON or readable lines, with ids, and without what nobody may read there."""

from __future__ import annotations

import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from onemind.access.sessions import new_token
from onemind.telemetry import log
from tests.support.told import lines, logged

LOGGER = logging.getLogger("onemind.test")


def test_a_json_line_has_the_ids_that_are_bound_and_the_declared_fields() -> None:
    with logged() as written:
        with log.bound(request="abc"):
            LOGGER.info("request", extra={"status": 200, "path": "/", "secret": "x"})
        LOGGER.warning("Twice %s", 2)
    first, second = lines(written)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "request", "level": "info", "logger": "onemind.test", "request": "abc",
        "status": 200, "path": "/",
    }  # fmt: skip
    assert (second["event"], second["level"]) == ("Twice 2", "warning")
    assert "request" not in second


def test_every_field_of_a_line_is_declared() -> None:
    with logged() as written, log.bound(request="a"), pytest.raises(ValueError, match="x"):
        try:
            raise ValueError("x")
        except ValueError:
            LOGGER.exception("failed", extra={"page": "Map"})
            raise
    (line,) = lines(written)
    assert set(line) <= set(log.FIELDS)
    assert "Traceback" in line["exception"]


def test_a_readable_line_is_for_people() -> None:
    with logged(log.TEXT) as written:
        LOGGER.info("request", extra={"path": "/training", "status": 200})
    assert "request" in written.getvalue()
    assert "path=/training status=200" in written.getvalue()
    assert not written.getvalue().startswith("{")


@pytest.mark.parametrize("form", [log.JSON, log.TEXT])
def test_what_nobody_may_read_is_in_no_line(form: str) -> None:
    token = new_token()
    said = f"\n/share/{token[:9]} of ann.b@example.org with\n{token} at https://x.org/a?county=Lee"
    with logged(form) as written:
        LOGGER.warning(said)
        try:
            raise ValueError(said)
        except ValueError:
            LOGGER.exception("failed")
    text = written.getvalue()
    assert "[email]" in text and "/share/*" in text and "[token]" in text
    for secret in (token, token[:9], "ann.b", "county", "Lee"):
        assert secret not in text
    if form == log.JSON:
        assert len(lines(written)) == 2


def test_a_traceback_has_no_values_of_variables() -> None:
    password = "correct horse"
    with logged(log.TEXT) as written:
        try:
            raise ValueError(len(password))
        except ValueError:
            LOGGER.exception("failed")
    assert "Traceback" in written.getvalue()
    assert password not in written.getvalue().replace('password = "correct horse"', "")


def test_what_a_thread_binds_is_its_own_and_lasts_until_it_binds_anew() -> None:
    def draw() -> None:
        log.bind(session="one")
        LOGGER.info("drawn")
        log.bind(session="two")
        LOGGER.info("drawn")

    with logged() as written:
        thread = Thread(target=draw)
        thread.start()
        thread.join()
        LOGGER.info("elsewhere")
    assert [line.get("session") for line in lines(written)] == ["one", "two", None]


def test_work_in_another_thread_is_logged_under_the_ids_it_was_given_with() -> None:
    def work(number: int) -> int:
        LOGGER.info("worked")
        return number

    with logged() as written, ThreadPoolExecutor(1) as pool:
        with log.bound(session="one"):
            assert pool.submit(log.carried(work), 7).result() == 7
        pool.submit(log.carried(work), 7).result()
    assert [line.get("session") for line in lines(written)] == ["one", None]


def test_the_error_that_a_thread_ends_with_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise ValueError("of ann@example.org")

    monkeypatch.setattr(threading, "excepthook", log.thread_ended)
    with logged() as written:
        for work in (breaks, sys.exit):
            thread = Thread(target=work)
            thread.start()
            thread.join()
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("a thread ended", "error")
    assert "ValueError: of [email]" in line["exception"]
