"""The server around the script: this computer only, health, outlines, and the page it sends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from onemind import __version__, geography, server
from onemind.geography import Atlas
from onemind.settings import ROOT
from tests.support.squares import THREE

PAGE = "<html><head><title>Streamlit</title></head><body></body></html>"
Handler = Callable[..., Awaitable[HTMLResponse]]


def client(address: str = "127.0.0.1", name: str = "localhost:8501") -> TestClient:
    async def page(request: object) -> HTMLResponse:
        return HTMLResponse(PAGE)

    app = Starlette(routes=[*server.routes, Route("/", page)], middleware=server.middleware)
    return TestClient(app, base_url=f"http://{name}", client=(address, 50000))


def test_the_server_says_it_is_well() -> None:
    assert client().get("/healthz").json() == {"status": "ok", "version": __version__}


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.2", "2001:db8::1", "testclient"])
def test_a_request_from_another_computer_is_refused(address: str) -> None:
    assert client(address).get("/healthz").status_code == 403


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "10.0.0.7", "0.0.0.0"])
def test_a_request_by_a_foreign_name_is_refused(name: str) -> None:
    assert client(name=name).get("/healthz").status_code == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
def test_a_request_by_one_of_its_own_names_is_let_through(name: str) -> None:
    assert client(name=name).get("/healthz").status_code == 200


def test_counties_are_handed_out_by_state_and_may_be_kept_for_good() -> None:
    answer = client().get("/api/boundaries/county/MA.geojson")
    names = {shape["properties"]["name"] for shape in answer.json()["features"]}
    assert len(names) == 14
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("state", ["XX", "ma", "..%2f..%2fREADME", "%2e%2e"])
def test_an_unknown_state_is_not_found(state: str) -> None:
    assert client().get(f"/api/boundaries/county/{state}.geojson").status_code == 404


def test_the_overview_by_name_leads_to_the_first_page_with_its_filters() -> None:
    answer = client().get("/overview?county=Dukes", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/?county=Dukes"


def test_the_page_carries_our_title_and_says_where_the_server_is() -> None:
    answer = client().get("/", headers={"Accept": "text/html"})
    assert "<title>One Mind Campaign</title>" in answer.text
    assert "BACKEND_BASE_URL" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_start_prints_no_warning() -> None:
    code = [sys.executable, "-c", "import onemind.server, onemind.ui.shell.script"]
    run = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout + run.stderr == ""


def test_a_server_told_to_listen_elsewhere_refuses_to_start() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless=true"]
    run = subprocess.run(
        [*command, "--server.address=0.0.0.0", "--server.port=0"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode != 0
    assert "No sign-in is set up" in run.stderr + run.stdout


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "onemind.example"])
def test_a_server_without_an_address_of_this_computer_alone_refuses_to_start(
    address: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path))
    monkeypatch.setattr(st, "get_option", lambda name: "127.0.0.1")
    server.refuse_unsafe_address()
    monkeypatch.setattr(st, "get_option", lambda name: address)
    with pytest.raises(SystemExit, match="No sign-in is set up"):
        server.refuse_unsafe_address()


def test_outlines_that_were_added_are_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path))
    assert client().get("/api/boundaries/municipality/MA.geojson").json()["features"] == []
    atlas = Atlas(tmp_path / "boundaries")
    geography.add.keep(atlas, geography.add.draft(atlas, THREE, "MA", "towns.geojson"))
    answer = client().get(atlas.address("municipality", "MA"))
    assert len(answer.json()["features"]) == 3
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["state/MA", "town/MA", "county/US", "..%2fstate/US"])
def test_outlines_of_no_level_or_state_are_not_found(path: str) -> None:
    assert client().get(f"/api/boundaries/{path}.geojson").status_code == 404


def test_the_states_are_handed_out_for_the_nation() -> None:
    assert len(client().get("/api/boundaries/state/US.geojson").json()["features"]) == 56
