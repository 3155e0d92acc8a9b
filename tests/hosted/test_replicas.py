"""Two machines on one catalog and one bucket: each sees what the other does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest

from onemind import metrics
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.errors import NotPossibleNow, VersionMoved
from onemind.files import files_of
from onemind.geography import atlas_of
from onemind.settings import Settings
from onemind.store import Duty, Store, compact, publish
from onemind.store import hosted as hosted_store
from onemind.store.locks import publish_lock
from tests.conftest import Campaign
from tests.support.servers import PostgreSQL
from tests.support.waiting import eventually
from tests.support.wire import Wire

Replica = Callable[[str], Campaign]
TOWN = "department_id,name,type,state,sworn_officers\nA,Avon,municipal,MA,10\n"
PLEDGE = "department_id,pledged_on\nA,2019-01-15\n"


def training(*officers: str) -> str:
    rows = "".join(f"A,{officer},MHFA,2024-03-04\n" for officer in officers)
    return "department_id,officer_id,course,completed_on\n" + rows


def test_every_number_is_that_of_the_embedded_store(replica: Replica, sample: Campaign) -> None:
    one = replica("one")
    one.publish_sample()
    assert one.progress() == sample.progress()
    for name in ("pledged", "mhfa_share"):
        assert one.value(name) == sample.value(name), name


def test_what_one_publishes_the_other_sees(replica: Replica) -> None:
    one, two = replica("one"), replica("two")
    assert two.store.current() is None
    two.store.mark()  # from here on it listens
    one.publish(departments=TOWN)
    assert eventually(lambda: two.store.current() is not None, 10) < 1
    two.publish(pledges=PLEDGE)
    eventually(lambda: len(one.store.versions()) == 2, 10)
    assert [item.number for item in one.store.versions()] == [1, 2]
    assert one.store.versions() == two.store.versions()


def test_an_old_version_is_read_and_restored_by_any(replica: Replica) -> None:
    one, two = replica("one"), replica("two")
    one.publish(departments=TOWN)
    one.publish(training=training("1", "2"))
    one.publish(training=training("1"), mode="replace", allow_shrink=True)
    eventually(lambda: len(two.store.versions()) == 3, 10)
    assert len(metrics.export.dataset(two.store, "training", 2).records()) == 2
    publish.restore(two.store, 2, "tester", "back")
    eventually(lambda: len(one.store.versions()) == 4, 10)
    assert len(metrics.export.dataset(one.store, "training").records()) == 2


def test_of_two_publishers_one_is_told_to_look_again(replica: Replica) -> None:
    one, two = replica("one"), replica("two")
    one.publish(departments=TOWN)
    eventually(lambda: two.store.current() is not None, 10)
    base = two.store.current()
    with two.store.cursor() as con:
        delta = publish.compare(
            con, "pledges", "from lake.pledges",
            "select * replace ('A' as department_id, date '2019-01-15' as pledged_on)"
            " from (select * from lake.pledges union all by name select 'A' as department_id)",
        )  # fmt: skip
        one.publish(pledges=PLEDGE)
        with pytest.raises(VersionMoved):
            publish.commit(two.store, con, [delta], base, "two", "late")
    assert len(one.store.versions()) == 2


@pytest.mark.parametrize("rounds", [4, pytest.param(500, marks=pytest.mark.long)])
def test_no_update_is_lost_when_both_publish_at_once(replica: Replica, rounds: int) -> None:
    """Each publishes certificates of its own; all of them are there in the end."""
    both = [replica("one"), replica("two")]
    both[0].publish(departments=TOWN)

    def publishing(number: int) -> list[str]:
        mine = []
        for turn in range(rounds):
            officer = f"{number}-{turn}"
            while officer not in mine:  # whoever is told that another was first does it again
                with suppress(VersionMoved):
                    both[number].publish(training=training(officer))
                    mine.append(officer)
        return mine

    with ThreadPoolExecutor(2) as pool:
        published = [officer for mine in pool.map(publishing, range(2)) for officer in mine]
    eventually(lambda: len(both[0].store.versions()) == 2 * rounds + 1, 10)
    versions = both[0].store.versions()
    assert [item.number for item in versions] == list(range(1, 2 * rounds + 2))
    assert all(item.counts["training"]["added"] == 1 for item in versions[1:])
    rows = metrics.export.dataset(both[0].store, "training").records()
    assert sorted(row["officer_id"] for row in rows) == sorted(published)


def test_a_publish_waits_for_one_that_runs_elsewhere(hosted: Settings) -> None:
    with (
        publish_lock(hosted),
        pytest.raises(NotPossibleNow, match="Another publish has been running"),
        publish_lock(hosted, seconds=0.1),
    ):
        raise AssertionError("both held it")
    with publish_lock(hosted, seconds=0.1):
        pass


def test_files_of_one_are_there_for_the_other(hosted: Settings, replica: Replica) -> None:
    one, two = replica("one").store.settings, replica("two").store.settings
    files_of(one, "staged").put("abc", b"text")
    assert files_of(two, "staged").has("abc")
    assert files_of(two, "staged").path("abc").read_bytes() == b"text"
    files_of(two, "staged").remove("abc")
    assert not files_of(one, "staged").has("abc")
    assert not files_of(one, "staged").path("xyz").exists()


def test_outlines_of_one_are_drawn_by_the_other(replica: Replica) -> None:
    one, two = replica("one").store.settings, replica("two").store.settings
    assert atlas_of(two).kept() == []
    body = b'{"type":"FeatureCollection","source":"x","features":[]}'
    atlas_of(one).store.put("municipality-MA.geojson", body)
    two_again = files_of(two, "boundaries")
    assert (two_again.mirror() / "municipality-MA.geojson").read_bytes() == body


def test_the_state_is_one_for_all(hosted: Settings) -> None:
    with closing(AppDatabase(hosted.state)) as one, closing(AppDatabase(hosted.state)) as two:
        now = datetime.now(UTC)
        one.activity.add(now, "pat", "publish", "version 1", "here", {})
        assert [event.actor for event in two.activity.events()] == ["pat"]
        staged = one.stage("pat", [{"name": "a.csv", "sha256": "abc"}], {}, now)
        assert two.staged("pat") == [staged]
        two.unstage(staged.id)
        assert one.staged() == []
        assert one.secrets.get(PSEUDONYMS) == two.secrets.get(PSEUDONYMS)


def test_compacting_changes_no_version(replica: Replica) -> None:
    one, two = replica("one"), replica("two")
    one.publish(departments=TOWN)
    for number in range(12):
        one.publish(training=training(str(number)))
    assert compact.compact(one.store).after < 13
    assert len(metrics.export.dataset(two.store, "training", 5).records()) == 4
    assert two.value("pledged") == 0


def test_a_database_that_is_gone_is_named_without_its_password(
    hosted: Settings, postgres: PostgreSQL, to_postgres: Wire
) -> None:
    from dataclasses import replace

    to_postgres.cut()
    secret = hosted.catalog.replace("//test@", "//test:s3cret@")
    with pytest.raises(NotPossibleNow) as told:
        Store(replace(hosted, catalog=secret))
    assert "can't be reached" in str(told.value)
    assert "s3cret" not in str(told.value)
    assert "s3cret" not in repr(replace(hosted, catalog=secret))
    error = hosted_store.unreachable(ValueError("connecting with password=s3cret failed"))
    assert "s3cret" not in str(error)


def test_one_process_of_all_machines_has_the_duty_and_another_takes_over(
    hosted: Settings, to_postgres: Wire
) -> None:
    one, two = Duty(hosted), Duty(hosted)
    assert one.is_mine() and one.is_mine()
    assert not two.is_mine()
    one.end()
    eventually(two.is_mine, 10)
    assert not one.is_mine()
    to_postgres.drop()  # its connection ends, and with it the duty
    eventually(lambda: one.is_mine() or two.is_mine(), 10)
    assert one.is_mine() != two.is_mine()
    one.end()
    two.end()
