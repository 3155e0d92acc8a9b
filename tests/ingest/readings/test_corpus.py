"""Exports as people have them: the rows each becomes, what is said, and that no row is lost."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onemind import ingest, publishing
from onemind.ingest import EVERY, Reading
from onemind.ingest.problem import CODES
from tests.conftest import TODAY, Campaign, campaigning

CASES = tomllib.loads((Path(__file__).parent / "corpus.toml").read_text(encoding="utf-8"))["case"]
NAMES = [case["name"] for case in CASES]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Three departments; nothing here publishes."""
    with campaigning(tmp_path_factory.mktemp("readings")) as found:
        found.publish(
            departments="department_id,name,type,municipality,state\nA,Avon,municipal,Avon,MA\n"
            "B,Bolton,municipal,Bolton,MA\n"
            "MA0020100,University of Massachusetts Amherst,campus,Amherst,MA\n"
        )
        yield found


def said(case: dict[str, Any]) -> Reading:
    return Reading(
        dates={EVERY: case["dates"]} if "dates" in case else {},
        words=case.get("words", {}),
        rows=case.get("row_words", {}),
    )


def upload(town: Campaign, case: dict[str, Any]) -> ingest.Upload:
    path = town.folder / case.get("file", "export.csv")
    path.write_text(case["text"], encoding="utf-8", newline="")
    return ingest.Upload(path, path.name)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_export_becomes_its_rows_and_nothing_is_lost(town: Campaign, case: dict[str, Any]):
    options = publishing.Options(TODAY, reading=said(case))
    with publishing.draft(town.store, [upload(town, case)], options) as (draft, con):
        codes = [item.code for item in draft.problems]
        assert sorted(codes) == sorted(case.get("said", []))
        rows = [
            [*row[:3], row[3].isoformat()]
            for delta in draft.deltas
            for row in con.execute(
                "select department_id, officer_id, course, completed_on"
                f" from {delta.table} order by all"
            ).fetchall()
        ]
        if not any(CODES[code][0] == "error" for code in codes):
            assert rows == sorted(case["rows"])
        if "suggests" in case:
            assert {item.suggestion or "" for item in draft.problems} == {case["suggests"]}
        for tally in draft.tallies.values():
            assert tally.rows == tally.sound + tally.wrong + tally.left_out_rows
        assert all(item.message.endswith(".") for item in draft.problems)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "file" not in case and "shape" not in case.get("said", [])],
    ids=lambda case: case["name"],
)  # fmt: skip
def test_each_row_of_a_file_is_counted(town: Campaign, case: dict[str, Any]):
    """The three counts add up to what Python's own reader finds below the header."""
    options = publishing.Options(TODAY, reading=said(case))
    with publishing.draft(town.store, [upload(town, case)], options) as (draft, _):
        tallies = list(draft.tallies.values())
    records = list(csv.reader(io.StringIO(case["text"])))
    above = 2 if case["text"].startswith("Training of") else 0
    rows = len(records) - 1 - above
    if len(tallies) == 1:
        assert tallies[0].rows == rows


def test_there_are_sixty_and_three_of_each_kind():
    kinds: dict[str, int] = {}
    kind = ""
    text = (Path(__file__).parent / "corpus.toml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("# --- "):
            kind = line
        kinds[kind] = kinds.get(kind, 0) + (line == "[[case]]")
    assert len(CASES) >= 60
    assert len(set(NAMES)) == len(NAMES)
    assert all(count >= 3 for name, count in kinds.items() if name)
