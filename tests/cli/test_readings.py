"""Readings from the command line: answered once, listed, shown, used by name, removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onemind import cli
from onemind.ingest import Reading

TOWN = "department_id,name,type,state\nA,Avon,municipal,MA\n"
EXPORT = "Dept ID,Officer,Course,Status,Date\nA,1,Adult MHFA,Waived,03/04/2024\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    (tmp_path / "departments.csv").write_text(TOWN)
    (tmp_path / "Academy 2024.csv").write_text(EXPORT)
    assert cli.main(["publish", str(tmp_path / "departments.csv"), "-m", "town"]) == 0
    return tmp_path


def test_what_is_answered_on_the_line_is_remembered(folder: Path, capsys) -> None:
    file = str(folder / "Academy 2024.csv")
    assert cli.main(["check", file]) == 1
    answers = ["--dates", "day-first", "--word", "course:Adult MHFA=MHFA"]
    answers += ["--row", "Status:Waived=yes"]
    assert cli.main(["publish", file, "-m", "one", *answers]) == 0
    assert cli.main(["check", file]) == 0
    capsys.readouterr()
    assert cli.main(["readings", "list"]) == 0
    assert capsys.readouterr().out.startswith("Academy  training  ")
    assert cli.main(["readings", "show", "Academy"]) == 0
    shown = Reading.from_toml(capsys.readouterr().out)
    assert shown.words == {"course": {"Adult MHFA": "MHFA"}}
    assert shown.rows == {"Status": {"waived": "yes"}}
    assert shown.dates == {"completed_on": "day-first"}
    assert cli.main(["readings", "list", "--json"]) == 0
    [record] = json.loads(capsys.readouterr().out)
    assert record["headers"] == ["Dept ID", "Officer", "Course", "Status", "Date"]
    assert cli.main(["readings", "remove", "Academy"]) == 0
    assert cli.main(["readings", "list"]) == 0
    assert "No reading is remembered yet" in capsys.readouterr().out
    assert cli.main(["check", file]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["readings", "show"], "Name the reading to show"),
        (["readings", "show", "x"], "no reading called 'x'. There are: none yet"),
        (["readings", "remove", "x"], "no reading called 'x'"),
        (["check", "FILE", "--reading", "x"], "no reading called 'x'"),
        (["check", "FILE", "--word", "course=MHFA"], "not of the form COLUMN:WORD=VALUE"),
    ],
)
def test_wrong_use_is_said(folder: Path, capsys, words: list[str], said: str) -> None:
    line = [str(folder / "Academy 2024.csv") if word == "FILE" else word for word in words]
    assert cli.main(line) == 2
    assert said in capsys.readouterr().err
