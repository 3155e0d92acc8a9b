"""The benchmarks run: at a tiny scale, and what they compare is the same thing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import numbers, pages
from bench._client import opened, opened_at_once
from bench._measure import together
from bench._server import PLAIN, WITH_EMPTY, serving
from onemind import metrics
from onemind.campaign import Filter
from tests.conftest import TODAY, Campaign

DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\nD1,Lee,municipal,Essex,MA,2\n"
PLEDGES = "department_id,pledged_on\nD1,2017-11-20\n"
TRAINING = "department_id,officer_id,course,completed_on\nD1,A,MHFA,2024-12-31\n"


def test_the_floor_is_progress_by_plain_sql(campaign: Callable[..., Campaign]) -> None:
    store = campaign(departments=DEPARTMENTS, pledges=PLEDGES, training=TRAINING).store
    with store.reading(None, metrics.model.datasets("progress")) as con:
        rows = con.execute(numbers.bare_progress(), {"dates": [TODAY]}).fetchall()
    expected = metrics.progress(store, Filter(), TODAY).rows
    assert [row[1:] for row in rows] == list(expected)


def test_counting_is_measured(campaign: Callable[..., Campaign]) -> None:
    made = campaign(departments=DEPARTMENTS, pledges=PLEDGES, training=TRAINING)
    found = {item.name for item in numbers.figures("tiny", made.store.settings.store)}
    assert {f"tiny: {name}" for name in metrics.metrics()} < found


def test_the_latest_runs_stand_in_one_table(tmp_path: Path) -> None:
    figure = {"name": "open", "figure": 30.0, "unit": "ms", "goal": 2.0, "floor": 20.0,
              "low": None, "high": None, "ratio": 1.5, "met": True}  # fmt: skip
    for number in (1, 2):
        line = json.dumps({"benchmark": "pages", "run": number, "figures": [figure]})
        with (tmp_path / "pages.jsonl").open("a") as file:
            file.write(line + "\n")
    together(tmp_path)
    assert "run 2" in (tmp_path / "all.md").read_text()
    assert (
        "| open | 30.00 ms |  | 20.00 ms | 1.50x | 2.00x | yes |"
        in (tmp_path / "all.md").read_text()
    )
    assert [run["run"] for run in json.loads((tmp_path / "all.json").read_text())] == [2]


@pytest.mark.long
def test_pages_are_opened_by_viewers_without_a_browser(
    campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    place = campaign(departments=DEPARTMENTS, pledges=PLEDGES).store.settings.store
    with serving(place, WITH_EMPTY) as server:
        assert {item.error for item in asyncio.run(opened_at_once(server.address, 3))} == {""}
        for page in ("empty", *pages.explored()):
            assert asyncio.run(opened(server.address, page, "id=D1")).error == "", page
        assert server.busy() > 0
        assert server.megabytes() > 0
    with serving(place, PLAIN) as server:
        assert asyncio.run(opened(server.address)).error == ""
