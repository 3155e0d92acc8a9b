"""Outlines from the command line, and fetched from a server of this computer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from onemind import cli
from tests.geography.test_boundaries import zipped
from tests.support.squares import THREE, collection, feature, square


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    (tmp_path / "towns.geojson").write_bytes(THREE)
    return tmp_path


@pytest.fixture
def census(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "cb_2023_25_cousub_500k.zip").write_bytes(zipped())
    handler = partial(Quiet, directory=str(tmp_path / "www"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def run(*arguments: str) -> int:
    return cli.main(["boundaries", *arguments])


def test_outlines_are_added_listed_and_removed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(folder / "towns.geojson")
    assert run("list") == 0
    assert "No outlines have been added" in capsys.readouterr().out
    assert run("add", file, "--level", "municipality", "--state", "MA", "--check") == 0
    assert "Nothing was added." in capsys.readouterr().out
    assert run("add", file, "--level", "municipality", "--state", "MA") == 0
    assert "3 of the 351 cities and towns" in capsys.readouterr().out
    assert run("list", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["state"], listed["count"], listed["source"]) == ("MA", 3, "towns.geojson")
    assert run("remove", "--state", "MA") == 0
    assert run("remove", "--state", "MA") == 2
    assert "No outlines of 'MA' were added" in capsys.readouterr().err


def test_adding_says_which_departments_have_no_outline(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    departments = folder / "departments.csv"
    departments.write_text(
        "department_id,name,type,municipality,county,state\n"
        "D1,Lee PD,municipal,Lee,Berkshire,MA\nD2,Adams PD,municipal,Adams,Berkshire,MA\n"
    )
    assert cli.main(["publish", str(departments), "-m", "test"]) == 0
    capsys.readouterr()
    assert run("add", str(folder / "towns.geojson"), "--state", "MA", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["towns_without"] == ["Adams"]
    assert (said["outlines"], said["added"]) == (3, True)


def test_a_faulty_file_adds_nothing_and_names_the_feature(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.geojson").write_bytes(collection(feature(square(0, 0)[:3], NAME="Lee")))
    assert run("add", str(folder / "bad.geojson"), "--state", "MA") == 1
    assert "Feature 1 (Lee) has a ring of fewer than four" in capsys.readouterr().err
    assert not (folder / "store" / "boundaries").exists()
    assert run("add", str(folder / "none.geojson"), "--state", "MA") == 2


def test_outlines_are_downloaded_from_a_server_of_census_files(folder: Path, census: str) -> None:
    assert run("download", "--state", "MA", "--from", census) == 0
    kept = folder / "store" / "boundaries" / "municipality-MA.geojson"
    (found,) = json.loads(kept.read_text())["features"]
    assert found["id"] == "MA/Berkshire/Lee"


def test_a_download_that_fails_says_what_to_do_instead(
    folder: Path, census: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("download", "--state", "VT", "--from", census) == 3
    said = capsys.readouterr().err
    assert "can't be fetched" in said
    assert "boundaries add cb_2023_50_cousub_500k.zip --level municipality --state VT" in said
    assert run("download", "--state", "VT", "--from", "http://127.0.0.1:9/") == 3
    assert run("download", "--state", "VT", "--from", "file:///etc/") == 2
    assert run("download", "--state", "ON", "--from", census) == 2
