"""Digests on their day: each once, from where the last one that arrived ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from onemind import digest
from onemind.access.people import Actor
from onemind.access.sessions import key_of
from onemind.appdb import AppDatabase
from onemind.appdb.sending import Subscription
from onemind.campaign import Scope
from onemind.mail import deliver
from onemind.store import Store
from tests.conftest import Campaign, campaigning
from tests.support.mailbox import Mailbox, mailbox

MONDAY = datetime(2026, 11, 30, 8).astimezone()
URL = "https://onemind.example.org"
SUBSCRIPTION = Subscription("s", "pat@example.org", "all", 0, "h", "ann", MONDAY)
TOWNS = "department_id,name,type,state\nA,Avon,municipal,MA\nB,Barre,municipal,MA\n"


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (MONDAY - timedelta(days=3), MONDAY, True),
        (MONDAY - timedelta(days=3), MONDAY - timedelta(hours=2), False),  # six in the morning
        (MONDAY, MONDAY + timedelta(hours=9), False),
        (MONDAY - timedelta(days=7), MONDAY, True),
        (MONDAY - timedelta(days=7), MONDAY + timedelta(days=4), True),  # the server was off
        (MONDAY, MONDAY + timedelta(days=6, hours=20), False),
        (MONDAY, MONDAY + timedelta(days=7), True),
    ],
)
def test_it_is_due_on_its_weekday_from_seven_on_and_late_if_missed(
    last: datetime, now: datetime, is_due: bool
) -> None:
    told = replace(SUBSCRIPTION, made_at=MONDAY - timedelta(days=30), last_at=last)
    assert (digest.due(told, now) is not None) is is_due
    new = replace(SUBSCRIPTION, made_at=last)
    assert (digest.due(new, now) is not None) is is_due


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def towns(tmp_path: Path, box: Mailbox) -> Iterator[Campaign]:
    given: dict[str, Any] = {"smtp": box.server(), "mail_from": "data@example.org", "url": URL}
    with campaigning(tmp_path, **given) as found:
        found.publish(departments=TOWNS, pledges="department_id,pledged_on\nA,2023-11-27\n")
        yield found


@pytest.fixture
def appdb(towns: Campaign) -> Iterator[AppDatabase]:
    with closing(AppDatabase(towns.store.settings.state)) as found:
        yield found


def subscribed(towns: Campaign, appdb: AppDatabase, scope: str = "all") -> Subscription:
    made = MONDAY - timedelta(days=5)
    return digest.subscribe(
        appdb, towns.store, "pat@example.org", Scope.from_text(scope), "monday", Actor("ann"), made
    )


def ticked(store: Store, appdb: AppDatabase, now: datetime) -> int:
    count = len(list(digest.on_schedule(store, appdb, now)))
    deliver(appdb, store.settings, lambda: now)
    return count


def spans(box: Mailbox) -> list[str]:
    return [str(message["Subject"]).partition("changed ")[2] for message in box.messages()]


def test_each_week_one_digest_goes_out_and_tells_on_from_the_last(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    subscribed(towns, appdb)
    assert ticked(towns.store, appdb, MONDAY) == 1
    assert ticked(towns.store, appdb, MONDAY + timedelta(hours=1)) == 0
    assert ticked(towns.store, appdb, MONDAY + timedelta(days=7)) == 1
    assert spans(box) == [
        "from November 23, 2026 to November 30, 2026", "from November 30, 2026 to December 7, 2026",
    ]  # fmt: skip
    first, second = (str(m.get_body(("plain",))) for m in box.messages())
    assert "NEWLY OVERDUE: 1 new, 1 in all" in first
    assert "Nothing changed for any department." in second


def test_one_that_did_not_arrive_is_told_again_with_the_next(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    subscribed(towns, appdb)
    box.at_rcpt["pat@example.org"] = "550 Mailbox closed for now"
    ticked(towns.store, appdb, MONDAY)
    box.at_rcpt.clear()
    ticked(towns.store, appdb, MONDAY + timedelta(days=7))
    assert spans(box) == ["from November 23, 2026 to December 7, 2026"]


def test_two_processes_at_once_make_one_digest(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    made = subscribed(towns, appdb)
    schedule = digest.on_schedule(towns.store, appdb, MONDAY)
    with closing(AppDatabase(towns.store.settings.state)) as other:
        stale = replace(made, last_at=None)
        ticked(towns.store, other, MONDAY)
        change = appdb.subscriptions.told(stale, replace(stale, last_at=MONDAY))
        assert appdb.outbox.put([], change) is None
    assert list(schedule) == []
    assert len(box.taken) == 1


def test_a_crash_after_the_digest_was_made_neither_loses_nor_doubles_it(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    subscribed(towns, appdb)
    list(digest.on_schedule(towns.store, appdb, MONDAY))  # and the process ends here
    with closing(AppDatabase(towns.store.settings.state)) as later:
        assert ticked(towns.store, later, MONDAY + timedelta(minutes=5)) == 0
    assert box.recipients == ["pat@example.org"]


def test_mail_programs_get_a_button_that_ends_it(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    made = subscribed(towns, appdb)
    ticked(towns.store, appdb, MONDAY)
    (message,) = box.messages()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(message["List-Unsubscribe"]).strip("<>")
    assert address == f"{URL}/unsubscribe/{digest.token_of(appdb, made.id)}"
    html = message.get_body(("html",))
    assert html and address in html.get_content()
    assert made.token_hash == key_of(address.rpartition("/")[2])
    assert address.rpartition("/")[2] not in repr(appdb.subscriptions.all())


def test_a_scope_is_kept_to_and_an_ended_subscription_gets_nothing(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    made = subscribed(towns, appdb, "department_id=B")
    ticked(towns.store, appdb, MONDAY)
    (message,) = box.messages()
    assert "Avon" not in message.as_string()
    digest.unsubscribe(appdb, made.id, Actor("ann"), MONDAY)
    assert ticked(towns.store, appdb, MONDAY + timedelta(days=7)) == 0


def test_without_a_mail_server_it_is_written_as_a_file(tmp_path: Path) -> None:
    with campaigning(tmp_path, url=URL) as towns:
        towns.publish(departments=TOWNS)
        with closing(AppDatabase(towns.store.settings.state)) as appdb:
            subscribed(towns, appdb)
            for _ in range(2):
                list(digest.on_schedule(towns.store, appdb, MONDAY))
            (file,) = (towns.store.settings.store / digest.FOLDER).iterdir()
            draft = message_from_bytes(file.read_bytes(), policy=default)
            assert draft["To"] == "pat@example.org"
            (event,) = appdb.activity.events(("digest written",))
            assert event.subject == str(file)


def test_before_anything_is_published_none_is_due(tmp_path: Path) -> None:
    with (
        campaigning(tmp_path, url=URL) as empty,
        closing(AppDatabase(empty.store.settings.state)) as appdb,
    ):
        appdb.subscriptions.add(replace(SUBSCRIPTION, made_at=MONDAY - timedelta(days=30)))
        assert list(digest.on_schedule(empty.store, appdb, MONDAY)) == []
        assert appdb.subscriptions.all()[0].last_at is None


def test_one_that_cannot_be_made_does_not_keep_the_others(
    towns: Campaign, appdb: AppDatabase, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    made = MONDAY - timedelta(days=5)
    appdb.subscriptions.add(replace(SUBSCRIPTION, scope="nonsense", made_at=made))
    subscribed(towns, appdb)
    assert ticked(towns.store, appdb, MONDAY) == 1
    assert "The digest s can't be made" in caplog.text
