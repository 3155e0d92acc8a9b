"""Officers on a day, counted by the definition and by its index: the same, and as the README says.

The README is onemind/metrics/models/officer_counts/README.md.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from onemind.metrics import model
from onemind.store import Connection
from tests.conftest import Campaign, campaigning
from tests.support.strategies import scenarios

README = (model.FOLDER / "officer_counts" / "README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(\w+)\.csv`\n\n```csv\n(.+?)^```", README, re.M | re.S))
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.+?)(?=^### |\Z)", README, re.M | re.S))
COUNTS = ("mhfa", "cit", "either", "expiring", "lapsed", "newly", "active")


def cells(section: str) -> list[list[str]]:
    """The cells of a section's table: its heading, then its rows."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line
    ]


def rows(con: Connection, name: str, columns: list[str], days: list[date]) -> list[Any]:
    """The rows of a model, as texts."""
    sql = model.with_models(name)
    texts = ", ".join(f"coalesce({column}::varchar, '') as {column}" for column in columns)
    parameters = {"dates": days} if "$dates" in sql else {}
    found = con.execute(f"{sql} select {texts} from {name} order by all", parameters)
    return [list(row) for row in found.fetchall()]


@pytest.fixture(scope="module")
def lee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """The campaign of the README."""
    with campaigning(tmp_path_factory.mktemp("lee")) as found:
        found.publish(**FILES)
        yield found


def test_the_readme_shows_every_model_of_its_folder_and_what_they_rest_on() -> None:
    folder = {path.stem for path in (model.FOLDER / "officer_counts").glob("*.sql")}
    assert folder < set(SECTIONS)
    assert set(SECTIONS) - folder == {"roster_spans", "training_steps"}
    assert set(FILES) == {"departments", "officers", "training"}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_worked_example_is_what_the_models_give(lee: Campaign, name: str) -> None:
    columns, *expected = cells(SECTIONS[name])
    assert expected
    days = [date.fromisoformat(row[0]) for row in cells(SECTIONS["officer_counts"])[1:]]
    datasets = model.datasets("officer_counts") | model.datasets("officer_counts_at_once")
    with lee.store.reading(None, datasets) as con:
        assert rows(con, name, columns, days) == expected


@settings(max_examples=25, deadline=None)
@given(scenario=scenarios())
def test_the_index_counts_what_the_definition_counts(calculator, scenario) -> None:
    tables, day = scenario
    days = [day + timedelta(days=step) for step in (-400, -91, -30, -1, 0, 1, 45, 200, 1100)]
    days += [date(day.year, 1, 31), date(day.year, 12, 31)]
    calculator(tables, day)
    columns = ", ".join(("as_of", "department_id", *COUNTS))
    found = []
    for name in ("officer_counts", "officer_counts_at_once"):
        sql = f"{model.with_models(name)} select {columns} from {name}"
        counted = calculator.con.execute(sql, {"dates": sorted(set(days))}).fetchall()
        found.append({row[:2]: row[2:] for row in counted if any(row[2:])})
    assert found[0] == found[1]
