"""Readings remembered: each header set under a name, and what earlier releases remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from onemind.appdb import AppDatabase
from onemind.errors import WrongUse

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
HEADER = ("Dept ID", "Badge", "Course")
RECORD = {"dataset": "training", "dates": {"completed_on": "day-first"}}


@pytest.fixture
def appdb(tmp_path: Path) -> Iterator[AppDatabase]:
    with closing(AppDatabase(tmp_path / "store")) as opened:
        yield opened


def test_a_reading_is_found_by_its_headers_in_any_order_and_case(appdb: AppDatabase) -> None:
    name = appdb.readings.save(HEADER, RECORD, "pat", NOW, "MHFA export 2024-10.xls")
    assert name == "MHFA export"
    assert appdb.readings.of(("course", "dept id", " badge ")) == RECORD
    assert appdb.readings.of(("course", "dept id")) == {}
    [saved] = appdb.readings.all()
    assert (saved.name, saved.labels, saved.author, saved.saved_at) == (name, HEADER, "pat", NOW)


def test_saving_again_keeps_the_name(appdb: AppDatabase) -> None:
    appdb.readings.save(HEADER, RECORD, "pat", NOW, "one.csv")
    appdb.readings.rename("one", "Monthly export")
    assert appdb.readings.save(HEADER, {"hidden": "no"}, "sam", NOW, "two.csv") == "Monthly export"
    assert appdb.readings.of(HEADER) == {"hidden": "no"}


def test_two_header_sets_of_one_file_name_get_two_names(appdb: AppDatabase) -> None:
    assert appdb.readings.save(HEADER, RECORD, "pat", NOW, "export 1.csv") == "export"
    assert appdb.readings.save(HEADER[:2], RECORD, "pat", NOW, "export 2.csv") == "export 2"
    assert appdb.readings.save(HEADER[:1], RECORD, "pat", NOW, "2024.csv") == "training"


def test_a_reading_is_changed_renamed_and_removed(appdb: AppDatabase) -> None:
    appdb.readings.save(HEADER, RECORD, "pat", NOW, "one.csv")
    appdb.readings.save(HEADER[:2], RECORD, "pat", NOW, "two.csv")
    appdb.readings.change("one", {"hidden": "yes"}, "sam", NOW)
    assert appdb.readings.named("one").record == {"hidden": "yes"}
    with pytest.raises(WrongUse, match="Another reading is called 'two'"):
        appdb.readings.rename("one", "two")
    with pytest.raises(WrongUse, match="Give the reading a name"):
        appdb.readings.rename("one", "  ")
    appdb.readings.remove("one")
    with pytest.raises(WrongUse, match=r"no reading called 'one'\. There are: two"):
        appdb.readings.named("one")
    assert appdb.readings.of(HEADER) == {}


def test_names_decided_are_a_reading_for_files_of_any_header(appdb: AppDatabase) -> None:
    appdb.readings.remember_names({"lee": "D1"}, "pat", NOW)
    appdb.readings.remember_names({"avon": "D2"}, "pat", NOW)
    assert appdb.readings.names() == {"lee": "D1", "avon": "D2"}
    [saved] = appdb.readings.all()
    assert (saved.name, saved.labels) == ("Department names", ())


def test_what_earlier_releases_remembered_is_taken_over_once(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    engine = sa.create_engine(f"sqlite:///{folder / 'state.sqlite'}")
    known = {"dataset": "training", "renames": {"Badge": "officer_id"}, "constants": {}}
    key = json.dumps(["badge", "dept id"])
    with engine.begin() as con:
        con.execute(sa.text(
            "create table mappings (header varchar primary key, known json, author varchar,"
            " saved_at datetime)"
        ))  # fmt: skip
        con.execute(sa.text(
            "create table names (spelled varchar primary key, department_id varchar,"
            " author varchar, saved_at datetime)"
        ))  # fmt: skip
        con.execute(
            sa.text("insert into mappings values (:h, :k, 'pat', '2026-01-02 00:00:00.000000')"),
            {"h": key, "k": json.dumps(known)},
        )
        con.execute(sa.text("insert into names values ('lee', 'D1', 'pat', '2026-01-02')"))
    engine.dispose()
    for _ in range(2):
        with closing(AppDatabase(folder)) as opened:
            assert opened.readings.of(("Dept ID", "Badge")) == {
                "dataset": "training", "columns": {"Badge": "officer_id"},
            }  # fmt: skip
            assert opened.readings.names() == {"lee": "D1"}
            assert len(opened.readings.all()) == 2
