"""The documents hold: commands run, files and settings exist, everything has a description."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onemind import access, cli, metrics, settings
from onemind.campaign import contracts, load_rules
from onemind.cli import parser
from onemind.ingest.problem import CODES
from onemind.settings import ROOT
from tests.architecture.english import faults

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
}
EXAMPLES = re.findall(r"^python -m onemind (.+?)\s+#", COMMANDS, re.M)
MADE = {"bench/results/all.md", "data/store"}  # by the program, where there is none yet
NEEDS_INTERNET = {"boundaries download"}
STAYS = {"serve"}  # runs until it is stopped: tests/replicas
SQUARE = [[-73.3, 42.2], [-73.3, 42.3], [-73.2, 42.3], [-73.2, 42.2], [-73.3, 42.2]]
LEE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Lee"},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
    ],
}

Parser = argparse.ArgumentParser


def commands(within: Parser | None = None, path: str = "") -> Iterator[tuple[str, Parser]]:
    """Yield every command, such as `link create`, with its parser."""
    within = within or parser.parser()
    for action in within._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from commands(inner, f"{path} {name}".strip())
            return
    yield path, within


def verbs_of_people() -> set[str]:
    return {f"people {verb}" for action in dict(commands())["people"]._actions
            if action.dest == "do" for verb in action.choices or ()}  # fmt: skip


def options(command: Parser) -> set[str]:
    spelled = {word for action in command._actions for word in action.option_strings}
    return {word for word in spelled if word.startswith("--")} - {"--help"}


def test_every_command_has_an_example_and_every_example_is_a_command() -> None:
    known = {name for name, _ in commands()} - {"people"} | verbs_of_people()
    shown = {
        name
        for name in known
        for line in EXAMPLES
        if line.split()[: name.count(" ") + 1] == name.split()
    }
    assert shown == known - NEEDS_INTERNET
    assert all(any(line.startswith(name) for name in known) for line in EXAMPLES)
    assert all(f"`{name} " in COMMANDS for name in NEEDS_INTERNET)


def test_every_command_and_option_has_help() -> None:
    for name, command in commands():
        assert command.description, name
        for action in command._actions:
            assert action.help, (name, action.dest)


def test_every_option_is_in_the_page_with_the_commands_that_take_it() -> None:
    listed = {
        option: set(re.findall(r"`([\w -]+)`", takers)) or takers
        for option, takers in re.findall(r"^\| `(--[\w-]+)` \| (.+?) \|", COMMANDS, re.M)
    }
    takers: dict[str, set[str]] = {}
    for name, command in commands():
        for option in options(command):
            takers.setdefault(option, set()).add(name)
    every = {name for name, _ in commands()}
    assert listed == {
        option: "every command" if names == every else names for option, names in takers.items()
    }


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All in this process: a program of its own for each would take longer than what it does."""
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    store_data(tmp_path)
    for line in (line for line in EXAMPLES if line.split()[0] not in STAYS):
        words = shlex.split(line)
        assert cli.main([newest_link(capsys) if word == "ID" else word for word in words]) == 0, (
            line
        )


def newest_link(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert cli.main(["link", "list", "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)[0]["id"])


def store_data(folder: Path) -> None:
    """Publish a version for the examples to stand on, and lay down the files they name."""
    (folder / "departments.csv").write_text("department_id,name,type,state\nD1,Lee,city,MA\n")
    (folder / "pledges.csv").write_text("department_id,pledged_on\nD1,2017-09-20\n")
    (folder / "copy" / "data").mkdir(parents=True)
    (folder / "towns.geojson").write_text(json.dumps(LEE))
    assert cli.main(["publish", "departments.csv", "pledges.csv", "-m", "The first"]) == 0
    (folder / "training.csv").write_text(
        "department_id,officer_id,course,completed_on\nD1,A-2,MHFA,2018-01-01\n"
    )


def test_every_setting_is_in_the_page_with_its_meaning() -> None:
    listed = dict(re.findall(r"^\| `(ONEMIND_\w+)` \| (.+) \|$", SETTINGS, re.M))
    assert listed == settings.MEANING
    folder = ROOT / "onemind" / "settings"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert set(re.findall(r'get\("(ONEMIND_\w+)"', source)) == set(settings.MEANING)


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_a_page_names_exists(page: str) -> None:
    assert set(re.findall(r"\bONEMIND_[A-Z_]+\b", PAGES[page])) <= set(settings.MEANING)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"python -m onemind ([a-z]+)", PAGES[page])
    assert set(named) <= {name.split()[0] for name, _ in commands()}


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_a_page_runs_is_there(page: str) -> None:
    named = set(re.findall(r"python -m ((?:bench|docs|tests)[\w.]+)", PAGES[page]))
    files = {name: ROOT / f"{name.replace('.', '/')}.py" for name in named}
    assert sorted(name for name, file in files.items() if not file.exists()) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    folder = (ROOT / page).parent
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[\w-]+)?\)", PAGES[page])
    assert [name for name in linked if not (folder / name).exists()] == []
    tops = "onemind|pages|data|tests|bench|docs"
    named = set(re.findall(rf"`((?:{tops})/[\w./-]*)`", PAGES[page])) - {"data/store"}
    assert (
        sorted(name for name in named - MADE if "NAME" not in name and not (ROOT / name).exists())
        == []
    )


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_is_longer_than_thirty_words(page: str) -> None:
    prose = re.sub(r"```.*?```", "", PAGES[page], flags=re.S)
    blocks = re.split(r"\n\s*\n|\n(?=[-*|#]|\d+\. )", prose)
    texts = [cell for text in blocks for cell in (text.split("|") if text[:1] == "|" else [text])]
    assert [fault for text in texts for fault in faults(" ".join(text.split()))] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    text = PAGES[page]
    named = {*re.findall(r"^make (\w[\w-]*)", text, re.M), *re.findall(r"`make ([\w-]+)", text)}
    assert named <= targets()


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):.*?## ", makefile, re.M))


def test_every_make_target_is_in_the_page() -> None:
    assert set(re.findall(r"^make ([\w-]+) ", COMMANDS, re.M)) == targets()


def test_the_readme_is_short_and_shows_the_dashboard_on_its_first_screen() -> None:
    assert len(README.splitlines()) < 110
    first = README.splitlines()[:30]
    assert any(re.match(r"!\[.+\]\(docs/[\w.]+\)", line) for line in first)
    assert {"make run", "make test"} <= {line.split("  #")[0].strip() for line in first}


def test_every_field_metric_rule_permission_and_problem_has_a_description() -> None:
    for parsed in contracts().values():
        assert parsed.description
        assert parsed.unit
        assert all(field.title and field.description for field in parsed.fields)
    assert all(item.label and item.description and item.unit for item in metrics.metrics().values())
    assert all(item.description and item.met_when for item in load_rules().practices)
    assert all(item.description for item in load_rules().editions)
    assert all(item.description for item in access.PERMISSIONS)
    assert all(heading for _, heading in CODES.values())


def test_every_model_says_what_a_row_is() -> None:
    for path in metrics.model.files().values():
        assert path.read_text(encoding="utf-8").startswith("-- One row"), path.name


def test_the_module_runs_as_a_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "onemind", "--help"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "publish files as one version" in run.stdout
