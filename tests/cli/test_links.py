"""`link create --json` prints every address of a link, the only time."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from onemind import cli

DEPARTMENTS = "department_id,name,type,state\nA/1,Avon,municipal,MA\nB,Bath,municipal,ME\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ONEMIND_URL", "https://x.example")
    (tmp_path / "departments.csv").write_text(DEPARTMENTS, encoding="utf-8")
    assert cli.main(["publish", str(tmp_path / "departments.csv"), "-m", "m"]) == 0


def made(capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    capsys.readouterr()
    assert cli.main(["link", "create", "--label", "NAMI", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("store")
def test_a_link_is_printed_with_the_addresses_of_its_feeds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = made(capsys)
    token = link["address"].removeprefix("https://x.example/share/")
    assert link["feeds"]["calendar"] == f"https://x.example/feeds/{token}/calendar.ics"
    assert link["feeds"]["card"] == f"https://x.example/feeds/{token}/card/DEPARTMENT"
    assert list(link["feeds"]) == ["calendar", "changes", "badge", "card", "picture"]
    assert list(made(capsys, "--pages", "Training")["feeds"]) == ["calendar"]
    one = made(capsys, "--scope", "department_id=A/1")
    assert one["feeds"]["badge"].endswith("/badge/A%2F1.svg")
    monkeypatch.setattr("sys.stdin", io.StringIO("two words and more\n"))
    assert made(capsys, "--passphrase-stdin")["feeds"] == {}
