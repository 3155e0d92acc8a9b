"""The page on the API holds: its examples run against a server, and it names every address."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from onemind import access
from onemind.access import shareable
from onemind.access.links import Terms
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.server.api.parameters import MOST_ROWS
from onemind.server.api.resources import RESOURCES
from onemind.settings import ROOT
from tests.conftest import campaigning
from tests.support.serving import serving

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.S)
SHELL = re.findall(r"```sh\n(curl .*?)```", PAGE, re.S)
SQL = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
HTTPFS = f"duckdb_extension_httpfs/extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
SHOWN = "\nprint(len(progress) if 'progress' in dir() else counted if 'counted' in dir() else rows)"
TEXTS = {
    "departments": "department_id,name,type,county,state\n"
    + "".join(f"D{number},Town {number},municipal,Essex,MA\n" for number in range(150)),
    "pledges": "department_id,pledged_on\n"
    + "".join(f"D{number},2017-09-20\n" for number in range(150)),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Lend the two values that the examples ask for, of a server with people and a link."""
    folder, now = tmp_path_factory.mktemp("api-page"), datetime.now(UTC)
    with campaigning(folder) as made:
        made.publish(**TEXTS)
        with closing(AppDatabase(folder / "store")) as appdb:
            access.people.add(appdb, "ann@example.org", "admin", Actor("tester"), now)
            terms = Terms("Reader", downloads=True)
            _, token = access.links.make(appdb, made.store, terms, shareable(), "ann", now)
    with serving(folder / "store") as base:
        yield {"DASHBOARD": base, "TOKEN": token}


def run(words: list[str], running: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        words, env={**os.environ, **running}, cwd=folder, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_example_in_python_runs_and_reads_every_row(
    running: dict[str, str], tmp_path: Path
) -> None:
    said = [run([sys.executable, "-c", code + SHOWN], running, tmp_path) for code in EXAMPLES]
    assert said[0].strip() == "150"
    assert said[1].strip() == "[('Essex', 150)]"
    assert said[2].count("'department_id'") == 150


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_example_with_curl_runs(running: dict[str, str], tmp_path: Path) -> None:
    (line,) = SHELL
    told = run(["sh", "-c", line], running, tmp_path)
    assert told.splitlines() == ["county,value,n,m", "Essex,,0,150"]


def test_the_example_in_sql_reads_the_address_itself(running: dict[str, str]) -> None:
    (text,) = SQL
    for name, value in running.items():
        text = text.replace(name, value)
    with duckdb.connect() as con:
        con.execute(f"load '{Path(duckdb.__file__).parent.parent / HTTPFS}'")
        assert con.execute(text).fetchall() == [("Essex", 150)]


def test_without_the_token_an_example_fails(running: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="401"):
        run([sys.executable, "-c", EXAMPLES[0]], {**running, "TOKEN": "x" * 43}, tmp_path)


def test_the_page_names_every_address_and_no_other() -> None:
    named = set(re.findall(r"^\| `/api/v1/([^`]+)` \|", PAGE, re.M))
    assert named == {item.path for item in RESOURCES}
    assert f"{MOST_ROWS:,} rows" in PAGE
