"""The register of seams: each is checked before it is used; one that lacks a name stays off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import logger as streamlit_logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.pages_manager import PagesManager

from onemind import server
from onemind.errors import WrongUse
from onemind.server.streamlit_seams import (
    Bundles,
    bundles,
    cache_log,
    log,
    log_missing,
    standings,
    use_own_menu,
)
from onemind.server.streamlit_seams.headers import policy
from onemind.server.streamlit_seams.messages import may_be_said
from onemind.server.streamlit_seams.page import rewritten
from onemind.server.streamlit_seams.seams import REGISTER, Seam, is_on, missing

PAGE = b"<head><title>Streamlit</title></head>"
OPTIONAL = {"bundles"}
GONE = "streamlit.runtime.app_session.no_such_name"


def bundles_are_compressed() -> bool:
    async def passed(request: object) -> PlainTextResponse:
        return PlainTextResponse("passed")

    app = Starlette(routes=[Route("/{path:path}", passed)])
    app.add_middleware(Bundles)
    name = next(name for name in bundles.files() if name.startswith("js/index."))
    return TestClient(app).get(f"/static/{name}").text != "passed"


def menu_is_ours() -> bool:
    use_own_menu()
    return PagesManager.uses_pages_directory is False


def log_is_quiet() -> bool:
    cache_log.use_quiet_log()
    return cache_log.is_needed in logging.getLogger(cache_log.WRITER).filters


def log_is_one() -> bool:
    log.use_own_log()
    return streamlit_logger.setup_formatter is log.hand_on


def an_order_is_let_through() -> bool:
    said = BackMsg(rerun_script=ClientState(query_string="")).SerializeToString()
    return may_be_said({"type": "websocket.receive", "bytes": said})


DOES: dict[str, Callable[[], bool]] = {
    "bundles": bundles_are_compressed,
    "page": lambda: b"One Mind Campaign" in rewritten(PAGE),
    "policy": lambda: "sha256-" in policy(),
    "menu": menu_is_ours,
    "messages": an_order_is_let_through,
    "cache_log": log_is_quiet,
    "log": log_is_one,
}


@pytest.fixture(autouse=True)
def streamlit_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own functions, before a test and put back after it."""
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    monkeypatch.setattr(logging.getLogger(cache_log.WRITER), "filters", [])
    monkeypatch.setattr(streamlit_logger, "setup_formatter", streamlit_logger.setup_formatter)
    monkeypatch.setattr(streamlit_logger, "update_formatter", lambda: None)


@pytest.mark.parametrize("name", REGISTER)
def test_streamlit_has_what_a_seam_needs_and_it_works(name: str) -> None:
    assert REGISTER[name].needs
    assert missing(REGISTER[name]) == ()
    assert DOES[name]()


@pytest.mark.parametrize("name", REGISTER)
def test_a_seam_that_lacks_a_name_stays_off_and_says_so(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seam = REGISTER[name]
    monkeypatch.setitem(REGISTER, name, replace(seam, needs=(*seam.needs, GONE)))
    assert not is_on(name)
    assert not DOES[name]()
    log_missing()
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == f"The seam {name} is off, for this Streamlit has no {GONE}. {seam.without}"
    assert [each.name for each in standings() if not each.sound] == [name]


def test_the_setting_turns_off_what_is_optional_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ONEMIND_STREAMLIT_SEAMS", "off")
    assert {name for name in REGISTER if not is_on(name)} == OPTIONAL
    assert {name for name, does in DOES.items() if not does()} == OPTIONAL
    log_missing()
    assert not caplog.records  # it was asked for
    monkeypatch.setenv("ONEMIND_STREAMLIT_SEAMS", "bundles")
    assert all(map(is_on, REGISTER))


def test_a_seam_says_why_the_setting_leaves_it_on() -> None:
    assert {name for name, seam in REGISTER.items() if not seam.stays} == OPTIONAL


def test_a_name_in_the_setting_that_is_no_optional_seam_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONEMIND_STREAMLIT_SEAMS", "bundles, menu")
    with pytest.raises(WrongUse, match="has 'menu'; write off, or some of bundles"):
        standings()
    with pytest.raises(SystemExit, match="ONEMIND_STREAMLIT_SEAMS has 'menu'"):
        server.refuse_unsafe_address()


@pytest.mark.parametrize(
    "need",
    [
        "streamlit.no_such_module.Name",
        "streamlit.runtime.app_session.AppSession._no_such_name",
        "streamlit.runtime.app_session.AppSession._enqueue_forward_msg(message)",
        "streamlit.runtime.pages_manager.PagesManager.uses_pages_directory(flag)",
        "static/static/js/NoSuchPart.*",
        "static/index.html: <title>Another</title>",
    ],
)
def test_what_is_gone_or_changed_is_noticed(need: str) -> None:
    assert missing(Seam("one", "", (need,), "")) == (need,)
