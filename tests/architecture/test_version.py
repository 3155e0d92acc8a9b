"""One version number: the package says it, everybody repeats it, the changelog explains it."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest

from onemind import __version__, cli
from onemind.settings import ROOT

CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.+)$", CHANGES, re.M)
HEADING = re.compile(r"(\d+)\.(\d+)\.(\d+), (\d{4}-\d{2}-\d{2})")


def versions() -> list[tuple[tuple[int, ...], date]]:
    found = [HEADING.fullmatch(heading) for heading in HEADINGS]
    assert all(found), [line for line, match in zip(HEADINGS, found, strict=True) if not match]
    parts = [match.groups() for match in found if match]
    return [(tuple(map(int, number)), date.fromisoformat(day)) for *number, day in parts]


def test_the_command_line_says_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"One Mind Campaign {__version__}\n"


def test_the_changelog_begins_with_this_version_and_goes_back_in_order() -> None:
    listed = versions()
    assert ".".join(map(str, listed[0][0])) == __version__
    assert listed == sorted(set(listed), reverse=True)
    assert [day for _, day in listed] == sorted((day for _, day in listed), reverse=True)


def test_each_version_brings_something_and_each_change_is_one_line() -> None:
    sections = CHANGES.split("\n## ")[1:]
    for section in sections:
        heading, *lines = section.strip().splitlines()
        changes = [line for line in lines if line]
        assert changes, heading
        assert all(line.startswith(("- ", "### ")) for line in changes), heading
        assert all(len(line) <= 160 for line in changes), heading


def test_nothing_else_says_a_version_of_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")).get("project")
    assert project is None or "version" in project.get("dynamic", [])
    written = re.findall(
        r'^__version__ = "(.+?)"', (ROOT / "onemind/__init__.py").read_text(), re.M
    )
    assert written == [__version__]
