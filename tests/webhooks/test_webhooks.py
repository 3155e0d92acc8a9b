"""Webhooks: told what a partner may see, to allowed hosts alone, tried again, given up."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from onemind import cli, webhooks
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.appdb.sending import FAILED, SENT, WAITING, Hook
from onemind.campaign import Scope
from onemind.errors import WrongUse
from onemind.settings import Settings
from onemind.webhooks.bodies import body
from tests.conftest import Campaign, campaigning

NOW = datetime(2026, 11, 30, 12).astimezone()
BY = Actor("ann")
TOWNS = (
    "department_id,name,type,county,state,contact_name\n"
    "A,Avon <!channel> & Co,municipal,Norfolk,MA,Secret Name\nB,Barre,municipal,Worcester,MA,\n"
    "D,Dover,municipal,Strafford,NH,\n"
)
PLEDGES = "department_id,pledged_on,completion_confirmed_on\n"


class Listener(BaseHTTPRequestHandler):
    """Whoever is told: keeps what was posted, and answers as it is set."""

    posted: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        Listener.posted.append((dict(self.headers), content))
        self.send_response(Listener.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[str]:
    """A server on a free port of this computer; its address without the scheme."""
    Listener.posted, Listener.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def towns(tmp_path: Any, listener: str) -> Iterator[Campaign]:
    with campaigning(tmp_path, webhook_hosts=(listener, "hooks.example.org")) as found:
        found.publish(departments=TOWNS, pledges=PLEDGES + "A,2023-12-01,\nD,2023-12-01,\n")
        yield found


@pytest.fixture
def appdb(towns: Campaign) -> Iterator[AppDatabase]:
    with closing(AppDatabase(towns.store.settings.state)) as found:
        yield found


Add = Callable[..., Hook]


@pytest.fixture
def add(towns: Campaign, appdb: AppDatabase, listener: str) -> Add:
    def one(scope: str | None = "all", at: datetime = NOW, **given: Any) -> Hook:
        chosen = None if scope is None else Scope.from_text(scope)
        wanted: dict[str, Any] = {
            "name": "desk",
            "url": f"http://{listener}/x?key=secret",
            "scope": chosen,
        }
        wanted |= given
        return webhooks.add(appdb, towns.store, webhooks.Wanted(**wanted), BY, at)

    return one


def told(towns: Campaign, appdb: AppDatabase, at: datetime) -> list[dict[str, Any]]:
    """Tell and deliver; returns what was posted by it."""
    before = len(Listener.posted)
    webhooks.tell(towns.store, appdb, at)
    webhooks.deliver(appdb, towns.store.settings, lambda: at)
    return [json.loads(content) for _, content in Listener.posted[before:]]


def test_it_is_told_of_publishes_completions_and_deadlines_each_once(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add()
    assert told(towns, appdb, NOW) == []
    towns.publish(pledges=PLEDGES + "B,2024-01-31,2026-11-29\n")
    found = told(towns, appdb, NOW)
    assert [(item["event"], item["version"]) for item in found] == [
        ("published", 2), ("completed", 2),
    ]  # fmt: skip
    assert found[0]["text"] == "One Mind Campaign: Version 2: 1 department completed."
    assert [row["department_id"] for row in found[1]["departments"]] == ["B"]
    assert told(towns, appdb, NOW) == []
    (late,) = told(towns, appdb, NOW + timedelta(days=2))  # December 1 has passed
    assert late["event"] == "overdue"
    assert {row["department_id"] for row in late["departments"]} == {"A", "D"}
    assert told(towns, appdb, NOW + timedelta(days=2)) == []
    assert {event.action for event in appdb.activity.events()} == {"webhook added", "webhook sent"}


def test_only_the_events_that_were_asked_for_are_told(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add(events=("completed",))
    towns.publish(pledges=PLEDGES + "B,2024-01-31,2026-11-29\n")
    assert [item["event"] for item in told(towns, appdb, NOW)] == ["completed"]


def test_nothing_is_told_from_outside_the_scope_nor_what_only_staff_see(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add("state=NH")
    towns.publish(message="Message of staff", pledges=PLEDGES + "B,2024-01-31,2026-11-29\n")
    (found,) = told(towns, appdb, NOW)
    assert "no changes to the departments in view" in found["text"]
    (late,) = told(towns, appdb, NOW + timedelta(days=2))
    assert [row["department_id"] for row in late["departments"]] == ["D"]
    whole = b"".join(content for _, content in Listener.posted).decode()
    for word in ("Avon", "Barre", "Secret", "Message of staff", "tester"):
        assert word not in whole


def test_without_a_scope_it_says_what_the_public_sees_and_nothing_where_that_is_nothing(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    with pytest.raises(WrongUse, match="There is no public view"):
        add(None)
    public = replace(towns.store.settings, public="state=NH")
    towns.store.settings = public
    add(None)
    (late,) = told(towns, appdb, NOW + timedelta(days=2))
    assert [row["department_id"] for row in late["departments"]] == ["D"]
    towns.store.settings = replace(public, public="")
    towns.publish(pledges=PLEDGES + "B,2024-01-31,2026-11-29\n")
    assert told(towns, appdb, NOW + timedelta(days=2)) == []


def test_json_is_signed_with_the_time_and_a_key_that_is_stored_nowhere(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    hook = add()
    told(towns, appdb, NOW + timedelta(days=2))
    headers, content = Listener.posted[0]
    timestamp = int(headers["Onemind-Timestamp"])
    assert timestamp == int((NOW + timedelta(days=2)).timestamp())
    key = webhooks.key_of(appdb, hook)
    assert headers["Onemind-Signature"] == webhooks.signature(key, timestamp, content)
    assert webhooks.signature(key, timestamp + 1, content) != headers["Onemind-Signature"]
    assert headers["Onemind-Delivery"] == json.loads(content)["id"]
    assert key not in repr(appdb.hooks.all())


def test_the_signature_is_the_one_that_anybody_can_work_out() -> None:
    """Worked out by `printf '1700000000.{}' | openssl dgst -sha256 -hmac key`."""
    signed = webhooks.signature("key", 1_700_000_000, b"{}")
    assert signed == SIGNED


SIGNED = "sha256=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"


def test_slack_and_teams_get_text_that_mentions_nobody(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add(name="slack", kind="slack")
    add(name="teams", kind="teams")
    first, second = told(towns, appdb, NOW + timedelta(days=2))
    assert first.keys() == {"text"}
    assert "Avon &lt;!channel&gt; &amp; Co" in first["text"]
    card = second["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert r"Avon \<\!channel\>" in card["body"][0]["text"]
    assert "actions" not in card
    linked = json.loads(body("teams", {"text": "a", "link": "https://x.example.org/"}))
    assert linked["attachments"][0]["content"]["actions"][0]["url"] == "https://x.example.org/"


# --- delivery -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [(204, SENT), (503, WAITING), (429, WAITING), (404, FAILED), (302, FAILED)],
)
def test_an_answer_says_whether_to_try_again(
    towns: Campaign, appdb: AppDatabase, add: Add, status: int, state: str
) -> None:
    add()
    Listener.status = status
    told(towns, appdb, NOW + timedelta(days=2))
    (message,) = appdb.outbox.all()
    assert message.state == state
    assert len(Listener.posted) == 1  # a redirect is not followed


def test_it_is_tried_again_later_and_later_then_dead_and_that_is_in_the_log(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add()
    Listener.status, at = 500, NOW + timedelta(days=2)
    webhooks.tell(towns.store, appdb, at)
    (message,) = appdb.outbox.all()
    while message.state == WAITING:
        webhooks.deliver(appdb, towns.store.settings, lambda at=at: at)  # type: ignore[misc]
        (message,) = appdb.outbox.all()
        at = max(at, message.next_at)
    assert (message.state, len(Listener.posted)) == (FAILED, 8)
    (event,) = appdb.activity.events(("webhook failed",))
    assert event.subject == "desk: overdue"
    assert event.details["says"].startswith("Given up after 8 tries: 500")
    assert len({headers["Onemind-Delivery"] for headers, _ in Listener.posted}) == 1


def test_one_that_was_removed_is_told_nothing_more(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    hook = add()
    webhooks.tell(towns.store, appdb, NOW + timedelta(days=2))
    webhooks.remove(appdb, "desk", BY, NOW)
    webhooks.deliver(appdb, towns.store.settings, lambda: NOW + timedelta(days=2))
    assert Listener.posted == []
    assert appdb.outbox.all()[0].outcome == "The webhook was removed."
    with pytest.raises(WrongUse, match="There is no webhook"):
        webhooks.remove(appdb, hook.id, BY, NOW)


def test_a_host_that_is_no_longer_allowed_is_told_nothing(
    towns: Campaign, appdb: AppDatabase, add: Add
) -> None:
    add()
    webhooks.tell(towns.store, appdb, NOW + timedelta(days=2))
    webhooks.deliver(appdb, Settings(), lambda: NOW + timedelta(days=2))
    assert Listener.posted == []
    assert appdb.outbox.all()[0].state == FAILED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "http://hooks.example.org/x"}, "not an https address"),
        ({"url": "https://other.example.com/x"}, "can add it to ONEMIND_WEBHOOK_HOSTS"),
        ({"url": "https://user:word@hooks.example.org/x"}, "not an https address"),
        ({"kind": "fax"}, "There is no kind 'fax'. Choose from: json, slack, teams"),
        ({"events": ("lost",)}, "There is no event 'lost'"),
        ({"name": " "}, "Give the webhook a name"),
        ({"scope": "state=ZZ"}, "No department is in the state 'ZZ'"),
    ],
)
def test_what_makes_no_sense_is_not_added(
    appdb: AppDatabase, add: Add, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongUse, match=said):
        add(**given)
    assert appdb.hooks.all() == []


def test_a_host_that_leads_to_a_private_address_is_told_nothing(
    towns: Campaign, appdb: AppDatabase, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    add(url="https://hooks.example.org/x")
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: inside)
    told(towns, appdb, NOW + timedelta(days=2))
    (message,) = appdb.outbox.all()
    assert (message.state, "10.0.0.5, which is not a public address" in message.outcome) == (
        FAILED, True,
    )  # fmt: skip


# --- the command ----------------------------------------------------------------------------------


def test_the_command_adds_tries_lists_and_removes(
    towns: Campaign,
    appdb: AppDatabase,
    listener: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(towns.store.settings.store))
    monkeypatch.setenv("ONEMIND_WEBHOOK_HOSTS", listener)

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["webhook", *words])
        answer = capsys.readouterr()
        return code, answer.out + answer.err

    url = f"http://{listener}/x?key=secret"
    code, says = run("add", url, "--label", "desk", "--scope", "state=MA", "--event", "overdue")
    assert code == 0
    (hook,) = appdb.hooks.all()
    assert webhooks.key_of(appdb, hook) in says
    code, says = run("list")
    assert f"{hook.id}  desk  json  http://{listener}/…  state=MA  overdue" in says
    assert "secret" not in says + json.dumps([e.details for e in appdb.activity.events()])
    assert run("test", "desk")[0] == 0
    assert json.loads(Listener.posted[-1][1])["event"] == "test"
    Listener.status = 500
    assert run("test", "desk")[0] == 1
    assert run("remove", "desk")[0] == 0
    assert "There are no webhooks yet" in run("list")[1]
    assert run("add", "https://other.example.com/", "--label", "x", "--scope", "all")[0] == 2
    assert run("add", url, "--label", "x", "--scope", "nonsense")[0] == 2
