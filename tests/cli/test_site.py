"""The site from the command line: a scope, a link, what it says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onemind import cli
from tests.site.conftest import DEPARTMENTS, PLEDGES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    (tmp_path / "departments.csv").write_text(DEPARTMENTS)
    (tmp_path / "pledges.csv").write_text(PLEDGES)
    names = ("departments.csv", "pledges.csv")
    assert cli.main(["publish", *(str(tmp_path / name) for name in names), "-m", "first"]) == 0
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return cli.main(["site", "-o", str(folder / "out"), *arguments])


def test_a_scope_is_written_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(folder, "--scope", "state=MA", "--scope", "county=Berkshire", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["version"], said["scope"]) == (1, "state=MA;county=Berkshire")
    assert said["files"] == said["written"]
    pages = {path.name for path in (folder / "out" / "departments").glob("*.html")}
    assert pages == {"MA1.html", "MA2.html"}
    assert run(folder, "--scope", "state=MA", "--scope", "county=Berkshire") == 0
    assert "0 written" in capsys.readouterr().out


def test_the_site_is_as_of_the_day(folder: Path) -> None:
    assert run(folder, "--as-of", "2018-01-01") == 0
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert "As of January 1, 2018" in page
    assert "2 of 4 departments have pledged" in page


def test_a_link_gives_its_scope_if_it_allows_downloads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    links = {}
    for name, more in (("with", ["--downloads"]), ("without", [])):
        capsys.readouterr()
        assert cli.main(["link", "create", "--label", name, "--scope", "state=NH", "--json",
                         *more]) == 0  # fmt: skip
        links[name] = json.loads(capsys.readouterr().out)["id"]
    assert run(folder, "--link", links["with"]) == 0
    assert [path.name for path in (folder / "out" / "departments").glob("*.html")] == ["NH1.html"]
    assert run(folder, "--link", links["without"]) == 3
    assert "it does not allow downloads" in capsys.readouterr().err
    assert cli.main(["link", "revoke", links["with"]]) == 0
    assert run(folder, "--link", links["with"]) == 3
    assert "has ended" in capsys.readouterr().err


def test_wrong_use_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (("--link", "nothing"), "There is no link 'nothing'"),
        (("--scope", "planet=Mars"), "is not a scope"),
        (("--scope", "state=ME"), "No department is in Maine"),
        (("--scope", "state=MA", "--link", "x"), "Give --scope or --link, not both"),
    ):
        assert run(folder, *arguments) == 2
        assert words in capsys.readouterr().err
    assert cli.main(["site", "-o", str(folder)]) == 2
    assert "is not a site that was made here" in capsys.readouterr().err
