"""A store of an earlier layout is opened, read and published to; one of a later one is refused."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from onemind import __version__, metrics
from onemind.errors import NotPossibleNow
from onemind.settings import Settings
from onemind.store import Store, compact
from tests.conftest import Campaign
from tests.support.troubles import command, read_only

FIRST = Path(__file__).parent.parent / "schema_1.tar.gz"  # as version 0.7.0 wrote it
ROWS = {  # of departments, pledges and training, by version
    1: (2, 0, 0), 2: (3, 2, 0), 3: (3, 2, 3), 4: (3, 2, 3), 5: (3, 3, 3),
}  # fmt: skip
TOWN = "department_id,name,type,county,state,sworn_officers\nD9,Essex,municipal,Essex,MA,9\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store that an earlier release wrote."""
    with tarfile.open(FIRST) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "store"


def rows(store: Store, version: int) -> tuple[int, ...]:
    names = ("departments", "pledges", "training")
    return tuple(len(metrics.export.dataset(store, name, version).rows) for name in names)


def copies(store: Path) -> list[Path]:
    return sorted(store.glob("catalog-before-schema-*.sqlite"))


def test_an_earlier_store_is_read_and_published_to(old: Path, tmp_path: Path) -> None:
    assert FIRST.stat().st_size < 100_000
    with closing(Store(Settings(store=old))) as store:
        assert {item.number: rows(store, item.number) for item in store.versions()} == ROWS
        assert Campaign(store, tmp_path).publish(departments=TOWN).number == 6
        compact.compact(store)
        assert rows(store, 6) == (4, 3, 3)
        assert {number: rows(store, number) for number in ROWS} == ROWS


def test_its_catalog_is_copied_first_and_once(old: Path) -> None:
    for _ in range(2):
        Store(Settings(store=old)).close()
    [copy] = copies(old)
    with closing(sqlite3.connect(copy)) as con:
        assert con.execute("select count(*) from ducklake_snapshot").fetchone() == (7,)
        known = con.execute("select name from sqlite_master where name like 'onemind%'").fetchall()
        assert known == []


def test_its_files_get_checksums_at_first_sight(old: Path) -> None:
    code, out, _ = command(old, "doctor", "--deep")
    assert code == 0
    assert "6 files had no checksum, from an earlier release." in out
    code, out, _ = command(old, "doctor", "--deep")
    assert (code, "had no checksum" in out) == (0, False)


def test_an_earlier_store_that_can_only_be_read_is_read_as_it_is(old: Path) -> None:
    with read_only(old), closing(Store(Settings(store=old))) as store:
        assert {item.number: rows(store, item.number) for item in store.versions()} == ROWS
    assert copies(old) == []


def test_a_new_store_has_the_newest_layout_and_no_copy(tmp_path: Path) -> None:
    Store(Settings(store=tmp_path)).close()
    assert copies(tmp_path) == []
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as con:
        assert con.execute("select schema, written_by from onemind_schema").fetchall() == [
            (2, __version__)
        ]


def test_the_store_of_a_later_dashboard_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store(Settings(store=tmp_path)).close()
    catalog = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as con:
        con.execute("insert into onemind_schema values (3, '9.1.0')")
        con.commit()
    content = catalog.read_bytes()
    with pytest.raises(NotPossibleNow) as refused:
        Store(Settings(store=tmp_path))
    assert str(refused.value) == (
        f"The store in {tmp_path} was written by version 9.1.0 of the dashboard, and this is "
        f"{__version__}. Update the dashboard, or set ONEMIND_STORE to another folder."
    )
    assert catalog.read_bytes() == content
    assert copies(tmp_path) == []
