"""Who may import whom, as import-linter and ruff hold it; each rule is seen to fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

# A line at the end of a module -> the contract that it breaks.
BREACHES = [
    ("words.py", "from onemind import errors", "Packages import downward"),
    ("ingest/reading/cells.py", "import onemind.ingest.staging", "In ingest"),
    ("drawing/palette.py", "from onemind.drawing import charts", "In drawing"),
    ("ui/explore/play.py", "from onemind.ui.publish import upload", "In ui"),
    ("server/exchange/cookies.py", "import onemind.server.guard", "In server"),
    ("store/lake.py", "def f(): from onemind.store.store import Store", "No circles"),
    ("cli/people.py", "from onemind.ui import View", "The command line"),
    ("cli/people.py", "import argon2", "argon2"),
    ("doctor.py", "import authlib", "authlib"),
    ("doctor.py", "import duckdb", "duckdb"),
    ("doctor.py", "import jinja2", "jinja2, markupsafe"),
    ("doctor.py", "import obstore", "obstore"),
    ("doctor.py", "import psycopg", "psycopg"),
    ("doctor.py", "import prometheus_client", "opentelemetry, prometheus_client"),
    ("doctor.py", "import rapidfuzz", "python_calamine"),
    ("doctor.py", "import pyarrow", "pyarrow"),
    ("ui/explore/play.py", "def f(): import plotly.express as px", "plotly"),
    ("doctor.py", "import segno", "segno"),
    ("doctor.py", "import shapefile", "shapefile"),
    ("store/lake.py", "import sqlalchemy", "sqlalchemy"),
    ("metrics/numbers.py", "import streamlit", "streamlit"),
    ("doctor.py", "import typst", "typst"),
]


def broken(house: Path) -> dict[str, bool]:
    """Each contract: whether the code in `house` breaks it."""
    command = [str(TOOLS / "lint-imports"), "--no-cache", "--no-logo"]
    answer = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    verdicts = re.findall(r"^(.+) (KEPT|BROKEN)$", answer.stdout, re.M)
    assert verdicts, answer.stdout + answer.stderr
    return {name: verdict == "BROKEN" for name, verdict in verdicts}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "onemind", tmp_path / "onemind")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_each_contract() -> None:
    assert not [name for name, is_broken in broken(ROOT).items() if is_broken]


def test_each_contract_is_seen_to_fail(copy: Path) -> None:
    for place, line, _ in BREACHES:
        with (copy / "onemind" / place).open("a") as module:
            module.write(f"\n{line}\n")
    found = broken(copy)
    for _, line, start in BREACHES:
        assert [name for name in found if name.startswith(start) and found[name]], line
    assert [name for name, is_broken in found.items() if not is_broken] == []


def test_a_package_without_a_place_is_named(copy: Path) -> None:
    (copy / "onemind" / "weather.py").write_text('"""Rain."""\n')
    assert broken(copy)["Packages import downward"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("onemind/store/lake.py", "import os\nos.environ['HOME']"),
        ("onemind/cli/people.py", "import os\nos.getenv('HOME')"),
        ("pages/admin/links.py", "from os import environ"),
        ("onemind/ui/explore/map.py", "from pages.explore import overview"),
        ("onemind/store/lake.py", "def f():\n    import tests.conftest"),
    ],
)
def test_ruff_names_what_nobody_may_use(path: str, line: str) -> None:
    command = [str(TOOLS / "ruff"), "check", "--no-cache", "--stdin-filename", path, "-"]
    answer = subprocess.run(
        command, cwd=ROOT, input=line, capture_output=True, text=True, check=False
    )
    assert "TID251" in answer.stdout
