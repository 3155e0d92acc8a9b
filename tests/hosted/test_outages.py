"""PostgreSQL stops, the bucket is gone or slow, a machine dies: nothing is lost or half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from random import Random
from threading import Timer

import pytest

from onemind import metrics
from onemind.errors import NothingChanged, OneMindError
from onemind.settings import ROOT, Settings
from onemind.store import Store
from onemind.store.moving import content
from tests.conftest import Campaign
from tests.hosted.test_replicas import TOWN, training
from tests.support.servers import PostgreSQL
from tests.support.waiting import eventually
from tests.support.wire import Wire

Replica = Callable[[str], Campaign]
FEW_AND_MANY = [1, pytest.param(30, marks=pytest.mark.long)]
REFUSED = (OneMindError, Store.database_error)


def officers(campaign: Campaign, version: int | None = None) -> set[str]:
    rows = metrics.export.dataset(campaign.store, "training", version).records()
    return {row["officer_id"] for row in rows}


def accepted(campaign: Campaign, officer: str) -> bool:
    """Publish a certificate; returns whether it was accepted."""
    try:
        campaign.publish(training=training(officer))
    except NothingChanged:
        return True  # an answer was lost on its way, and it was there
    except REFUSED as error:
        assert str(error)
        return False
    return True


def prove(campaign: Campaign, published: list[str]) -> None:
    """Each accepted publish is one version, and each version reads to its last cell."""
    versions = campaign.store.versions()
    assert [item.number for item in versions] == list(range(1, len(versions) + 1))
    assert set(published) <= officers(campaign)
    for item in versions[1:]:
        assert content(campaign.store, item.number)["training"][0] == item.number - 1
        assert len(officers(campaign, item.number)) == item.number - 1


@pytest.mark.parametrize("times", FEW_AND_MANY)
def test_postgresql_is_stopped_and_started(
    replica: Replica, postgres: PostgreSQL, times: int
) -> None:
    one, published = replica("one"), list[str]()
    one.publish(departments=TOWN)
    for number in range(times):
        postgres.stop(signal.SIGQUIT if number % 2 else signal.SIGINT)
        assert not accepted(one, f"{number}-down")
        postgres.start()
        eventually(partial(accepted, one, f"{number}-up"), 30)
        published.append(f"{number}-up")
    prove(one, published)


@pytest.mark.parametrize("times", FEW_AND_MANY)
def test_the_wire_to_postgresql_is_cut_while_it_publishes(
    replica: Replica, to_postgres: Wire, times: int
) -> None:
    one, two, published, chance = replica("one"), replica("two"), list[str](), Random(1)
    one.publish(departments=TOWN)
    for number in range(times):
        cut = Timer(chance.uniform(0, 0.5), to_postgres.drop)
        cut.start()
        if accepted(one, f"{number}"):
            published.append(f"{number}")
        cut.join()
        eventually(partial(accepted, two, f"{number}-after"), 30)
        published.append(f"{number}-after")
    prove(two, published)


@pytest.mark.parametrize("times", FEW_AND_MANY)
@pytest.mark.parametrize("how", ["gone", "slow", "failing"])
def test_a_bucket_that_is(replica: Replica, to_s3: Wire, how: str, times: int) -> None:
    one, published = replica("one"), list[str]()
    one.publish(departments=TOWN)
    for number in range(times):
        if how == "gone":
            to_s3.cut()
        elif how == "slow":
            to_s3.delay = 0.2
        else:
            to_s3.fails_every = 10
        if accepted(one, f"{number}"):
            published.append(f"{number}")
        to_s3.mend()
        if how == "gone":
            assert f"{number}" not in published
        eventually(partial(accepted, one, f"{number}-after"), 60)
        published.append(f"{number}-after")
    prove(one, published)


def test_a_machine_that_was_cut_off_catches_up(
    replica: Replica, to_postgres: Wire, postgres: PostgreSQL, hosted: Settings
) -> None:

    one = replica("one")
    one.publish(departments=TOWN)
    straight = hosted.catalog.replace(str(to_postgres.port), str(postgres.port))
    other = Campaign(Store(replace(hosted, catalog=straight)), one.folder)
    try:
        one.store.mark()
        to_postgres.cut()
        for number in range(3):
            assert accepted(other, f"{number}")
        to_postgres.mend()
        eventually(lambda: _newest(one) == 4, 30)
        assert officers(one) == {"0", "1", "2"}
    finally:
        other.store.close()


def _newest(campaign: Campaign) -> int:
    with suppress(*REFUSED):
        return campaign.store.versions()[-1].number
    return 0


PUBLISH = """
import sys
from datetime import date
from pathlib import Path
from onemind import ingest, publishing, settings
from onemind.store import Store
store = Store(settings.load())
path = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
publishing.publish(store, [ingest.Upload(path, "training.csv")],
                   publishing.Options(date(2026, 6, 30)), "tester", "test")
print("done", flush=True)
"""


@pytest.mark.parametrize("times", FEW_AND_MANY)
def test_a_machine_is_killed_while_it_publishes(
    replica: Replica, hosted: Settings, times: int
) -> None:
    one, published, chance = replica("one"), list[str](), Random(2)
    one.publish(departments=TOWN)
    assert hosted.bucket
    env = {
        **os.environ, "ONEMIND_STORE": str(one.folder / "killed"), "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": hosted.bucket.endpoint,
        "ONEMIND_CATALOG": hosted.catalog, "ONEMIND_DATA": hosted.bucket.address,
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    for number in range(times):
        path = one.folder / "next.csv"
        path.write_text(training(f"{number}"))
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(path)], env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdin and process.stdout
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.flush()
            time.sleep(chance.uniform(0, 1.5))
            process.send_signal(signal.SIGKILL)
            if process.stdout.read() == "done\n":
                published.append(f"{number}")
        while not accepted(one, f"{number}-after"):
            pass
        published.append(f"{number}-after")
    prove(one, published)


def test_two_that_commit_at_once_do_not_both_pass(replica: Replica) -> None:
    """Even without the lock: the catalog itself lets one of two commits through."""
    one, two = replica("one"), replica("two")
    one.publish(departments=TOWN)
    insert = (
        "insert into lake.training by name select 'A' as department_id, '{}' as officer_id,"
        " 'MHFA' as course, date '2024-03-04' as completed_on"
    )
    with one.store.cursor() as first, two.store.cursor() as second:
        for con, name in ((first, "1"), (second, "2")):
            con.begin()
            con.execute(insert.format(name))
        first.commit()
        with pytest.raises(Store.database_error):
            second.commit()
