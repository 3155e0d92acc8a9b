"""The README holds: its commands run, its files exist, and everything has a description."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from onemind import access, cli, metrics, settings
from onemind.campaign import contracts, load_rules
from onemind.cli import parser
from onemind.ingest.problem import CODES
from onemind.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
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
COMMANDS = re.findall(r"^python -m onemind (.+?)\s+#", README, re.M)


def subcommands() -> dict[str, argparse.ArgumentParser]:
    actions = parser.parser()._actions
    found = next(a for a in actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_is_in_the_readme_and_every_one_there_exists() -> None:
    assert {line.split()[0] for line in COMMANDS} == set(subcommands())


def test_every_command_and_option_has_help() -> None:
    for name, command in subcommands().items():
        assert command.description, name
        for action in command._actions:
            assert action.help, (name, action.dest)


def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    store_data(tmp_path)
    for line in COMMANDS:
        assert cli.main(shlex.split(line)) == 0, line


def store_data(folder: Path) -> None:
    """Publish four versions, so that the README's numbers exist, and lay down its files."""
    (folder / "departments.csv").write_text("department_id,name,type,state\nD1,Lee,city,MA\n")
    (folder / "pledges.csv").write_text("department_id,pledged_on\nD1,2017-09-20\n")
    (folder / "training.csv").write_text(
        "department_id,officer_id,course,completed_on\nD1,A-1,MHFA,2018-01-01\n"
    )
    (folder / "towns.geojson").write_text(json.dumps(LEE))
    assert cli.main(["publish", "departments.csv", "-m", "1"]) == 0
    assert cli.main(["publish", "pledges.csv", "-m", "2"]) == 0
    assert cli.main(["publish", "training.csv", "-m", "3"]) == 0
    (folder / "training.csv").write_text(
        "department_id,officer_id,course,completed_on\nD1,A-2,MHFA,2018-01-01\n"
    )


def test_every_file_the_readme_names_is_there() -> None:
    named = re.findall(r"`((?:onemind|pages|data|tests)/[\w./]+)`", README)
    shown = re.findall(r"\]\((docs/[\w.]+)\)", README)
    assert shown
    for name in {*named, *shown} - {"data/store"}:
        assert (ROOT / name).exists(), name


def test_every_setting_is_in_the_readme_with_its_meaning() -> None:
    listed = dict(re.findall(r"^\| `(ONEMIND_\w+)` \| (.+) \|$", README, re.M))
    assert listed == settings.MEANING
    source = (ROOT / "onemind" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r'get\("(ONEMIND_\w+)"', source)) == set(settings.MEANING)


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


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w[\w-]*)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_module_runs_as_a_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "onemind", "--help"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "publish files as one version" in run.stdout
