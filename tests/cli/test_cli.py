"""The command line: every command, its JSON, its exit code, and the words it says."""

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onemind import cli
from onemind.cli import parser
from onemind.metrics import PROGRESS
from onemind.settings import ROOT, SAMPLE

MINIMAL = "department_id,name,type,state"
PLEDGES = "department_id,pledged_on"
TOWNS = f"""\
{MINIMAL},county,sworn_officers
A,Avon Police,municipal,MA,Norfolk,10
B,Bath Police,municipal,ME,Sagadahoc,
C,Cary Campus Police,campus,ME,York,4
"""
PLEDGED = f"{PLEDGES},source\nA,2017-09-20,letter\nB,2018-01-01,\n"
COUNTS = "department_id,as_of,mhfa_trained,cit_trained,both_trained\nA,2018-06-30,10,2,2\n"


@dataclass
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


def write(folder: Path, **csvs: str) -> list[str]:
    paths = [folder / f"{name}.csv" for name in csvs]
    for path, text in zip(paths, csvs.values(), strict=True):
        path.write_text(text)
    return [str(path) for path in paths]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Run:
    """Return a function that runs a command in this process, in a store of its own."""
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))

    def answer(*arguments: str) -> Answer:
        capsys.readouterr()
        code = cli.main(arguments)
        return Answer(code, *capsys.readouterr())

    return answer


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two versions that tests read through the command line."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMIND_STORE", str(folder / "store"))
        first = write(folder, departments=TOWNS, pledges=PLEDGED)
        assert cli.main(["publish", *first, "-m", "first", "--author", "pat"]) == 0
        second = write(folder, training_totals=COUNTS)
        assert cli.main(["publish", *second, "-m", "counts", "--author", "sam"]) == 0
    return folder / "store"


@pytest.fixture
def read(run: Run, published: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a reading command on the shared store."""
    monkeypatch.setenv("ONEMIND_STORE", str(published))
    return run


# --- help -----------------------------------------------------------------------------------------


def commands() -> dict[str, argparse.ArgumentParser]:
    [verbs] = [item for item in parser.parser()._actions if isinstance(item.choices, dict)]
    return dict(verbs.choices or {})


@pytest.mark.parametrize("name", commands())
def test_every_command_and_every_option_says_what_it_is_for(name: str):
    command = commands()[name]
    assert command.description and command.description.endswith(".")
    for option in command._actions:
        assert option.help, option.dest
    assert any("--json" in option.option_strings for option in command._actions)


def test_the_help_lists_every_command(run: Run, capsys):
    with pytest.raises(SystemExit) as ended:
        run("--help")
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(re.search(rf"\n    {name}\s", shown) for name in commands())


def test_the_commands_of_the_design_exist():
    design = "check diff publish versions restore compare progress query export doctor"
    assert set(design.split()) <= set(commands())


# --- publish, check, diff -------------------------------------------------------------------------


def test_publishing_answers_with_the_version(run: Run, tmp_path: Path):
    files = write(tmp_path, departments=TOWNS, pledges=PLEDGED)
    said = run("publish", *files, "-m", "first data", "--author", "pat")
    assert said.code == 0
    assert "Published version 1." in said.out
    assert "departments: 3 added" in said.out
    again = run("publish", *files, "-m", "again", "--json")
    assert again.code == 0
    assert again.json == {
        "version": 1,
        "changed": False,
        "message": "Nothing changed: version 1 already has all of this data.",
    }
    replaced = run(
        "publish", write(tmp_path, pledges=f"{PLEDGES}\nB,2018-01-01\n")[0], "--mode", "replace",
        "--allow-shrink", "-m", "only B", "--json",
    )  # fmt: skip
    assert replaced.json["version"] == 2
    assert replaced.json["counts"] == {"pledges": {"added": 0, "changed": 0, "removed": 1}}


def test_a_published_version_as_json_has_all_there_is_to_know(run: Run, tmp_path: Path):
    files = write(tmp_path, departments=TOWNS)
    said = run("publish", *files, "-m", "first data", "--json").json
    assert set(said) >= {
        "version", "published_at", "author", "message", "counts", "files", "mode", "sample",
        "restored", "changed",
    }  # fmt: skip
    assert "snapshot" not in said
    assert (said["version"], said["changed"], said["message"]) == (1, True, "first data")
    assert said["author"] and said["published_at"].startswith("20")
    [listed] = run("versions", "--json").json
    assert listed == {name: value for name, value in said.items() if name != "changed"}


def test_files_with_errors_end_with_1_and_publish_nothing(run: Run, tmp_path: Path):
    files = write(tmp_path, departments=TOWNS, pledges=f"{PLEDGES}\nA,soon\nZ,2018-01-01\n")
    said = run("publish", *files, "-m", "x", "--json")
    assert said.code == 1
    assert [(item["row"], item["code"]) for item in said.json] == [
        (2, "type-error"),
        (3, "foreign-key"),
    ]
    assert "Nothing was published" in said.err
    assert run("versions", "--json").json == []
    skipped = run("publish", *files, "-m", "x", "--skip-bad-rows")
    assert (skipped.code, "departments: 3 added" in skipped.out) == (0, True)
    assert "2 errors" in skipped.out + skipped.err, "what was left out is told"


def test_checking_lists_the_problems_as_json(read: Run, tmp_path: Path):
    [path] = write(tmp_path, pledges=f"{PLEDGES},fax\nA,soon,1\n")
    said = read("check", path, "--json")
    assert said.code == 1
    columns = ["file", "dataset", "row", "column", "code", "value", "message"]
    assert all(list(item)[:7] == columns and item["severity"] for item in said.json)
    assert [(item["file"], item["row"], item["code"]) for item in said.json] == [
        ("pledges.csv", 1, "extra-label"),
        ("pledges.csv", 2, "type-error"),
    ]
    assert said.json[1]["value"] == "soon"


def test_checking_in_words_ends_with_what_to_make_of_it(read: Run, tmp_path: Path):
    [bad] = write(tmp_path, pledges=f"{PLEDGES}\nA,soon\n")
    said = read("check", bad)
    assert said.code == 1
    assert "pledges.csv: error: Row 2, 'pledged_on' has 'soon'" in said.out
    assert "1 error, 0 warnings" in said.out
    [odd] = write(tmp_path, pledges=f"{PLEDGES}\nC,2016-01-01\n")
    said = read("check", odd)
    assert said.code == 0
    assert "pledges.csv: warning: Row 2" in said.out
    assert "The files can be published." in said.out


def test_a_sound_file_has_an_empty_list_of_problems(read: Run, tmp_path: Path):
    said = read("check", *write(tmp_path, departments=TOWNS), "--json")
    assert (said.code, said.json) == (0, [])


def test_a_difference_as_json_holds_counts_and_changes(read: Run, tmp_path: Path):
    [path] = write(tmp_path, pledges=f"{PLEDGES},source\nA,2017-09-20,press\nC,2018-01-01,\n")
    said = read("diff", path, "--json")
    assert said.code == 0
    [diff] = said.json
    assert (diff["dataset"], diff["before"], diff["after"]) == ("pledges", 2, 3)
    assert (diff["added"], diff["changed"], diff["removed"]) == (1, 1, 0)
    assert diff["changes"][0] == {
        "kind": "changed",
        "key": {"department_id": "A", "pledged_on": "2017-09-20"},
        "before": {"source": "letter"},
        "after": {"source": "press"},
    }


def test_a_difference_in_words_depends_on_the_mode(read: Run, tmp_path: Path):
    [path] = write(tmp_path, pledges=f"{PLEDGES},source\nA,2017-09-20,press\n")
    said = read("diff", path)
    assert "pledges: 1 changed (2 rows)" in said.out
    assert "changed A 2017-09-20: source letter -> press" in said.out
    said = read("diff", path, "--mode", "replace", "--allow-shrink")
    assert "pledges: 1 changed, 1 removed (1 rows)" in said.out


def test_a_difference_of_bad_files_ends_with_1(read: Run, tmp_path: Path):
    said = read("diff", *write(tmp_path, pledges=f"{PLEDGES}\nA,soon\n"))
    assert said.code == 1
    assert "1 error" in said.err


def test_headers_can_be_mapped_and_columns_set(run: Run, tmp_path: Path):
    (tmp_path / "list.txt").write_text("who;what=kind;title\np1;court;East Court\n")
    arguments = ["--dataset", "partners", "--map", "who=partner_id", "--map", "what=kind=kind"]
    arguments += ["--map", "title=name", "--set", "state=MA"]
    arguments += ["--set", "website=https://example.org/?id=7&x=y"]
    said = run("publish", str(tmp_path / "list.txt"), *arguments, "-m", "partners")
    assert said.code == 0, said.out
    [row] = run("export", "partners", "--json").json
    assert (row["partner_id"], row["kind"], row["name"]) == ("p1", "court", "East Court")
    assert (row["state"], row["website"]) == ("MA", "https://example.org/?id=7&x=y")


@pytest.mark.parametrize("option", [["--set", "color=red"], ["--map", "source=color"]])
def test_a_column_that_no_dataset_has_is_wrong_use(read: Run, tmp_path: Path, option: list[str]):
    said = read("check", *write(tmp_path, pledges=PLEDGED), *option)
    assert said.code == 2
    assert "color" in said.err


# --- versions -------------------------------------------------------------------------------------


def test_versions_are_listed_newest_first(read: Run):
    said = read("versions", "--json").json
    assert [(item["version"], item["author"], item["message"]) for item in said] == [
        (2, "sam", "counts"),
        (1, "pat", "first"),
    ]
    lines = read("versions").out.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert lines[0].endswith("sam  counts")


def test_two_versions_are_compared(read: Run):
    said = read("compare", "1", "2", "--json")
    assert [(item["dataset"], item["added"]) for item in said.json] == [("training_totals", 1)]


def test_restoring_makes_a_version(run: Run, tmp_path: Path):
    run("publish", *write(tmp_path, departments=TOWNS), "-m", "first")
    run("publish", *write(tmp_path, pledges=PLEDGED), "-m", "second")
    said = run("restore", "1", "-m", "back", "--author", "pat", "--json")
    assert said.code == 0
    assert (said.json["version"], said.json["restored"], said.json["author"]) == (3, 1, "pat")
    assert said.json["counts"] == {"pledges": {"added": 0, "changed": 0, "removed": 2}}


# --- progress, query, export ----------------------------------------------------------------------


def test_progress_as_json_has_typed_values(read: Run):
    said = read("progress", "--as-of", "2018-12-31", "--json")
    assert said.code == 0
    assert [list(row) for row in said.json] == [list(PROGRESS)] * 3
    rows = {row["department_id"]: row for row in said.json}
    assert rows["A"]["pledged_on"] == "2017-09-20"
    assert rows["A"]["sworn"] == 10 and rows["A"]["mhfa_trained"] == 10
    assert rows["A"]["compliant_today"] is False
    assert rows["B"]["sworn"] is None and rows["C"]["pledged_on"] is None


def test_progress_as_csv_has_yes_no_and_blanks(read: Run):
    said = read("progress", "--as-of", "2018-12-31", "--csv")
    found = list(csv.DictReader(io.StringIO(said.out)))
    assert list(found[0]) == list(PROGRESS)
    assert [row["department_id"] for row in found] == ["A", "B", "C"]
    assert (found[0]["compliant_today"], found[0]["sworn"]) == ("no", "10")
    assert (found[1]["sworn"], found[2]["pledged_on"]) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--where", "county=York", "--where", "county=Norfolk"], ["A", "C"]),
        (["--state", "ME", "--where", "stage=not_pledged", "--where", "type=campus"], ["C"]),
        (["--version", "1", "--where", "source=totals"], []),
    ],
)
def test_progress_can_be_narrowed(read: Run, arguments: list[str], ids: list[str]):
    rows = read("progress", "--as-of", "2018-12-31", "--json", *arguments).json
    assert [row["department_id"] for row in rows] == ids


def test_progress_in_words_is_a_table(read: Run):
    lines = read("progress", "--as-of", "2018-12-31").out.splitlines()
    assert lines[0].split()[:2] == ["department_id", "name"]
    assert len(lines) == 4
    assert " - " in lines[2]


def test_a_query_as_json_has_dimensions_value_n_and_m(read: Run):
    said = read("query", "sworn", "--by", "state,type", "--as-of", "2018-12-31", "--json")
    assert said.json == [
        {"state": "MA", "type": "municipal", "value": 10, "n": 1, "m": 1},
        {"state": "ME", "type": "campus", "value": 4, "n": 1, "m": 1},
        {"state": "ME", "type": "municipal", "value": None, "n": 0, "m": 1},
    ]


def test_a_query_takes_dimensions_one_by_one_filters_and_versions(read: Run):
    where = ["--where", "state=ME", "--as-of", "2018-12-31"]
    said = read("query", "departments", "--by", "type", "--by", "stage", *where, "--csv")
    assert said.out == (
        "type,stage,value,n,m\ncampus,not_pledged,1,1,1\nmunicipal,in_progress,1,1,1\n"
    )
    said = read("query", "reported", "--version", "1", "--as-of", "2018-12-31", "--json")
    assert said.json == [{"value": 0, "n": 3, "m": 3}]


def test_without_a_day_it_is_today(read: Run):
    today = read("query", "overdue", "--as-of", date.today().isoformat(), "--json").json
    assert read("query", "overdue", "--json").json == today


def test_an_export_is_printed_or_written_and_passes_check_unchanged(read: Run, tmp_path: Path):
    printed = read("export", "pledges").out
    assert [row["source"] for row in csv.DictReader(io.StringIO(printed))] == ["letter", ""]
    target = tmp_path / "list.csv"
    said = read("export", "pledges", "-o", str(target))
    assert (said.code, said.out) == (0, "")
    assert target.read_bytes().decode() == printed
    assert read("check", str(target), "--json").json == []
    assert "nothing changes" in read("diff", str(target)).out


def test_an_export_as_json_of_an_old_version(read: Run):
    assert read("export", "training_totals", "--version", "1", "--json").json == []


# --- wrong use, not possible, doctor --------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["query", "pledges"], "Unknown metric 'pledges'"),
        (["progress", "--where", "color=red"], "'color=red' is not a condition"),
        (["export", "dogs"], "Unknown dataset 'dogs'"),
        (["restore", "99", "-m", "back"], "no version 99"),
        (["publish", "x.csv", "-m", "  "], "Give a reason with -m"),
        (["check", "x.csv", "--map", "nonsense"], "'nonsense' is not of the form NAME=VALUE"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else "",
)
def test_wrong_use_ends_with_2_and_a_sentence(read: Run, arguments: list[str], says: str):
    said = read(*arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["publish", "x.csv"], "--message"),
        (["check"], "FILE"),
        (["check", "x.csv", "--mode", "append"], "append"),
        (["query", "pledged", "--as-of", "20 Sept"], "'20 Sept' is not a date; write it as"),
        (["restore", "one", "-m", "x"], "one"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else "",
)
def test_a_command_written_wrongly_ends_with_2(run: Run, capsys, arguments: list[str], says: str):
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(read: Run):
    said = read("check", "nowhere.csv", "--json")
    assert said.code != 0
    assert "nowhere.csv" in said.out + said.err


def test_what_is_not_possible_now_ends_with_3(read: Run, tmp_path: Path):
    said = read("publish", str(SAMPLE / "partners.csv"), "-m", "sample on real data")
    assert (said.code, said.out) == (3, "")
    assert "made up" in said.err


def test_a_store_that_can_not_be_opened_ends_with_3(run: Run, tmp_path: Path):
    (tmp_path / "store").write_text("no folder")
    said = run("versions")
    assert said.code == 3
    assert "can't be opened" in said.err
    said = run("doctor")
    assert said.code == 3
    assert "BAD  store:" in said.out and "ok   python:" in said.out


def test_a_setting_that_makes_no_sense_ends_with_2(read: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONEMIND_MAX_UPLOAD_MB", "lots")
    said = read("versions")
    assert (said.code, "ONEMIND_MAX_UPLOAD_MB" in said.err) == (2, True)


@pytest.mark.parametrize("command", ["compact", "tidy"])
def test_the_store_is_compacted_by_its_name_and_by_the_old_one(read: Run, command: str):
    said = read(command, "--json")
    assert said.code == 0
    assert set(said.json) == {"files_before", "files_after"}


def test_the_doctor_answers_in_words_and_json(read: Run):
    said = read("doctor", "--json")
    assert said.code == 0
    assert all(item["sound"] for item in said.json)
    assert {"subject", "sound", "says"} == set(said.json[0])


def test_the_doctor_lists_each_seam_to_streamlit(read: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONEMIND_STREAMLIT_SEAMS", "off")
    said = read("doctor")
    assert said.code == 0
    assert "ok   seam bundles: off, by ONEMIND_STREAMLIT_SEAMS." in said.out
    assert "ok   seam menu: on;" in said.out
    monkeypatch.setenv("ONEMIND_STREAMLIT_SEAMS", "bundels")
    said = read("doctor")
    assert (said.code, "BAD  seams: ONEMIND_STREAMLIT_SEAMS has 'bundels'" in said.out) == (3, True)


# --- for real -------------------------------------------------------------------------------------


def onemind(store: Path, *arguments: str) -> str:
    """Run a command in a process of its own and return what it prints."""
    said = subprocess.run(
        [sys.executable, "-m", "onemind", *arguments],
        cwd=ROOT,
        env={**os.environ, "ONEMIND_STORE": str(store)},
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (0, "")
    return said.stdout


def test_the_sample_is_published_and_counted_as_somebody_would_type_it(tmp_path: Path):
    files = sorted(str(path.relative_to(ROOT)) for path in SAMPLE.glob("*.csv"))
    said = onemind(tmp_path, "publish", *files, "-m", "sample")
    assert "Published version 1." in said
    [counted] = json.loads(onemind(tmp_path, "query", "pledged", "--as-of", "2017-09-20", "--json"))
    assert counted == {"value": 200, "n": 393, "m": 393}, "18 before, and 182 on that day"
