"""The state's tables come from its revisions alone, whoever comes first, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from onemind.appdb import AppDatabase, migrations
from onemind.appdb.database import METADATA
from onemind.errors import NotPossibleNow


def engine(folder: Path) -> sa.Engine:
    folder.mkdir(exist_ok=True)
    return sa.create_engine(f"sqlite:///{folder / 'state.sqlite'}")


def test_the_revisions_make_the_tables_that_the_code_names(tmp_path: Path) -> None:
    made = engine(tmp_path)
    assert migrations.upgrade(made)
    with made.connect() as con:
        context = MigrationContext.configure(con, opts={"compare_type": True})
        differ = compare_metadata(context, METADATA)
    assert differ == []
    assert not migrations.upgrade(made)


def test_the_newest_revision_is_the_one_the_code_knows() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [migrations.HEAD]


def test_a_state_of_an_earlier_release_keeps_its_rows(tmp_path: Path) -> None:
    made = engine(tmp_path)
    METADATA.create_all(made)  # as releases before 0.8 did
    with made.begin() as con:
        con.execute(sa.text("insert into secrets values ('pseudonyms', x'0102')"))
    with closing(AppDatabase(tmp_path)) as appdb:
        assert appdb.secrets.get("pseudonyms") == b"\x01\x02"
    assert migrations.revision(made) == migrations.HEAD


def test_many_that_open_a_new_state_at_once_all_succeed(tmp_path: Path) -> None:
    def opened(_: int) -> bool:
        with closing(AppDatabase(tmp_path)) as appdb:
            return appdb.staged() == []

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(opened, range(16)))


def test_a_state_of_a_later_release_is_refused(tmp_path: Path) -> None:
    AppDatabase(tmp_path).close()
    with engine(tmp_path).begin() as con:
        con.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NotPossibleNow, match="A newer release of the dashboard"):
        AppDatabase(tmp_path)


def test_a_state_of_release_0_8_gets_the_tables_of_what_leaves_and_keeps_its_people(
    tmp_path: Path,
) -> None:
    made = engine(tmp_path)
    with made.begin() as con:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = con
        command.upgrade(config, "0001")
        con.execute(sa.text("insert into secrets values ('pseudonyms', x'0102')"))
    assert migrations.revision(made) == "0001"
    with closing(AppDatabase(tmp_path)) as appdb:
        assert appdb.secrets.get("pseudonyms") == b"\x01\x02"
        assert (appdb.outbox.all(), appdb.hooks.all(), appdb.texts.get("letter")) == ([], [], None)
