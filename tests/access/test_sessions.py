"""Sessions: who a token is at this moment, and when it is nobody any more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from onemind.access import User
from onemind.access.sessions import Limits, begin, end, key_of, user_of, users
from onemind.appdb import AppDatabase, Link, Person
from onemind.appdb.activity import ACTIVITY
from onemind.appdb.sessions import FLOWS, SESSIONS
from onemind.campaign import Scope

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
PAT = Person("p1", "pat@example.org", "staff", None, None, "admin", NOW, None)
LINK = Link(
    "l1", "hash", "NAMI", "state=MA", ("Overview",), True, 3, date(2026, 7, 2), None,
    ("https://nami.example",), "pat", NOW,
)  # fmt: skip


@pytest.fixture
def appdb(tmp_path: Path) -> Iterator[AppDatabase]:
    found = AppDatabase(tmp_path)
    found.people.add(PAT)
    found.links.add(LINK)
    yield found
    found.close()


def test_a_person_is_who_the_token_says_with_the_role_of_this_moment(appdb: AppDatabase):
    token = begin(appdb, PAT, NOW, "10.0.0.7", "Firefox")
    assert user_of(appdb, token, NOW) == User("pat@example.org", "staff", id="p1")
    appdb.people.change("p1", role="viewer")
    assert user_of(appdb, token, NOW) == User("pat@example.org", "viewer", id="p1")


def test_a_link_is_a_partner_in_its_scope(appdb: AppDatabase):
    token = begin(appdb, LINK, NOW)
    assert user_of(appdb, token, NOW) == User(
        "NAMI",
        "partner",
        Scope(state=("MA",)),
        ("Overview",),
        3,
        True,
        date(2026, 7, 2),
        ("https://nami.example",),
        "l1",
    )
    assert appdb.links.by_token("hash") == appdb.links.by_id("l1") == LINK == appdb.links.all()[0]


def test_only_the_hash_of_a_token_is_kept(appdb: AppDatabase, tmp_path: Path):
    token = begin(appdb, PAT, NOW)
    appdb.close()
    assert len(token) >= 43
    assert all(token.encode() not in path.read_bytes() for path in tmp_path.glob("state.sqlite*"))


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' or 1=1 --", "\x00", "é" * 9000])
def test_a_made_up_token_is_nobody(appdb: AppDatabase, token: str):
    begin(appdb, PAT, NOW)
    assert user_of(appdb, token, NOW) is None


def test_the_key_itself_is_no_token(appdb: AppDatabase):
    assert user_of(appdb, key_of(begin(appdb, PAT, NOW)), NOW) is None


def test_whoever_is_disabled_or_removed_is_out_at_once(appdb: AppDatabase):
    token = begin(appdb, PAT, NOW)
    appdb.people.change("p1", disabled_at=NOW)
    assert user_of(appdb, token, NOW) is None
    appdb.people.change("p1", disabled_at=None)
    assert user_of(appdb, token, NOW) is not None
    appdb.people.remove("p1")
    assert user_of(appdb, token, NOW) is None


def test_a_revoked_link_is_out_at_once_and_is_revoked_once(appdb: AppDatabase):
    token = begin(appdb, LINK, NOW)
    assert appdb.links.revoke("l1", NOW)
    assert user_of(appdb, token, NOW) is None
    assert not appdb.links.revoke("l1", NOW)


def test_a_link_lasts_through_its_last_day_however_long_nobody_looks(appdb: AppDatabase):
    token = begin(appdb, LINK, NOW)
    assert user_of(appdb, token, datetime(2026, 7, 2, 23, 59, tzinfo=UTC)) is not None
    assert user_of(appdb, token, datetime(2026, 7, 3, tzinfo=UTC)) is None


def test_a_session_unused_for_twelve_hours_has_ended_and_use_keeps_it(appdb: AppDatabase):
    token, late = begin(appdb, PAT, NOW), NOW + timedelta(hours=11)
    assert user_of(appdb, token, late) is not None
    assert user_of(appdb, token, late + timedelta(hours=12)) is not None
    assert user_of(appdb, token, late + timedelta(hours=24, seconds=1)) is None


def test_a_session_ends_after_thirty_days_however_much_it_is_used(appdb: AppDatabase):
    token = begin(appdb, PAT, NOW)
    for hour in range(0, 30 * 24, 6):
        assert user_of(appdb, token, NOW + timedelta(hours=hour)) is not None
    assert user_of(appdb, token, NOW + timedelta(days=30)) is None


def test_the_limits_are_settings(appdb: AppDatabase):
    limits = Limits(timedelta(hours=1), timedelta(hours=2))
    token = begin(appdb, PAT, NOW, limits=limits)
    assert user_of(appdb, token, NOW + timedelta(minutes=61), limits) is None


def test_signing_out_ends_one_session_or_all_of_a_person(appdb: AppDatabase):
    here, there, partner = begin(appdb, PAT, NOW), begin(appdb, PAT, NOW), begin(appdb, LINK, NOW)
    end(appdb, here)
    assert user_of(appdb, here, NOW) is None
    assert user_of(appdb, there, NOW) is not None
    assert appdb.sessions.end_of("p1") == 1
    assert user_of(appdb, there, NOW) is None
    assert user_of(appdb, partner, NOW) is not None


def test_all_open_sessions_are_asked_for_at_once(appdb: AppDatabase):
    tokens = [begin(appdb, whom, NOW) for whom in (PAT, LINK, PAT)]
    keys = [key_of(token) for token in tokens]
    assert set(users(appdb, [*keys, "unknown"], NOW)) == set(keys)


def test_more_sessions_may_be_open_than_a_database_takes_at_once(appdb: AppDatabase):
    token = begin(appdb, PAT, NOW)
    made_up = [f"{number}" for number in range(260_000)]
    assert set(users(appdb, [*made_up, key_of(token)], NOW)) == {key_of(token)}


def test_sessions_long_past_their_end_are_deleted_when_the_next_begins(appdb: AppDatabase):
    begin(appdb, PAT, NOW)
    begin(appdb, PAT, NOW + timedelta(days=38))
    with appdb._database.engine.connect() as con:
        assert con.execute(sa.select(sa.func.count()).select_from(SESSIONS)).scalar() == 1


def test_an_account_of_a_role_that_does_not_exist_is_nobody(appdb: AppDatabase):
    appdb.people.add(replace(PAT, id="p2", email="king@example.org", role="king"))
    token = begin(appdb, replace(PAT, id="p2"), NOW)
    assert user_of(appdb, token, NOW) is None


def test_a_sign_in_with_a_provider_is_finished_once_by_the_same_browser(appdb: AppDatabase):
    for key in ("a", "b", "c"):
        appdb.flows.begin(key, "browser", {"next": "/training"}, NOW)
    early = NOW - timedelta(minutes=10)
    assert appdb.flows.finish("a", "another", early) is None
    assert appdb.flows.finish("b", "browser", early) == {"next": "/training"}
    assert appdb.flows.finish("b", "browser", early) is None
    assert appdb.flows.finish("c", "browser", NOW + timedelta(seconds=1)) is None


def test_sign_ins_that_robots_begin_are_not_kept(appdb: AppDatabase):
    for day in range(4):
        appdb.flows.begin(f"{day}", "robot", {}, NOW + timedelta(days=day))
    with appdb._database.engine.connect() as con:
        assert con.execute(sa.select(sa.func.count()).select_from(FLOWS)).scalar() == 2


def test_attempts_are_counted_by_subject_and_forgotten(appdb: AppDatabase):
    for minute in range(3):
        appdb.attempts.note("account pat", NOW + timedelta(minutes=minute))
    assert appdb.attempts.since("account pat", NOW) == 2
    assert appdb.attempts.since("account lee", NOW) == 0
    appdb.attempts.forget(NOW + timedelta(minutes=2))
    assert appdb.attempts.since("account pat", NOW - timedelta(days=1)) == 1


def test_somebody_added_elsewhere_is_there_at_once(tmp_path: Path):
    here, elsewhere = AppDatabase(tmp_path), AppDatabase(tmp_path)
    assert not here.people.any()
    time.sleep(0.2)  # long enough for what was found to be kept
    assert not here.people.any()
    elsewhere.people.add(PAT)
    assert here.people.any()
    here.close()
    elsewhere.close()


def test_whether_there_is_anybody_is_asked_again_only_after_a_change(
    appdb: AppDatabase, monkeypatch: pytest.MonkeyPatch
):
    time.sleep(0.2)
    assert appdb.people.any()
    monkeypatch.setattr(appdb.people.database, "rows", lambda query: [])
    assert appdb.people.any()
    appdb.links.add(replace(LINK, id="l2", token_hash="other"))
    assert not appdb.people.any()


def test_the_activity_log_is_read_newest_first_and_filtered(appdb: AppDatabase):
    appdb.activity.add(NOW, "pat", "publish", "version 1", "10.0.0.7", {"version": 1})
    appdb.activity.add(NOW + timedelta(hours=1), "lee", "sign-in")
    assert [event.action for event in appdb.activity.events()] == ["sign-in", "publish"]
    assert [event.actor for event in appdb.activity.events(("publish",))] == ["pat"]
    assert [event.action for event in appdb.activity.events(actor="lee")] == ["sign-in"]
    assert len(appdb.activity.events(since=NOW + timedelta(minutes=1))) == 1
    assert appdb.activity.events(("publish",))[0].details == {"version": 1}


@pytest.mark.parametrize("statement", [sa.delete(ACTIVITY), sa.update(ACTIVITY).values(actor="x")])
def test_the_database_refuses_to_change_the_activity_log(appdb: AppDatabase, statement: sa.Delete):
    appdb.activity.add(NOW, "pat", "publish")
    with (
        pytest.raises(sa.exc.IntegrityError, match="can only be added to"),
        appdb._database.engine.begin() as con,
    ):
        con.execute(statement)
    assert appdb.activity.events()[0].actor == "pat"


def test_one_event_is_one_line_whatever_its_words(appdb: AppDatabase):
    forged = "pat\n2026-06-30 admin sign-in\r\x1b[2J\u202e\u2028end\\n"
    appdb.activity.add(NOW, forged, "refusal", forged, forged, {"message": [forged]})
    event = appdb.activity.events()[0]
    for text in (event.actor, event.subject, event.ip, event.details["message"][0]):
        assert text.isprintable()
        assert text == r"pat\n2026-06-30 admin sign-in\r\x1b[2J\u202e\u2028end\\n"
