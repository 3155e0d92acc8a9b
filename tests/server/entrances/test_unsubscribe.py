"""The way out of a digest: looking changes nothing, posting ends it, with no account."""

from __future__ import annotations

from datetime import UTC, datetime

from onemind import digest
from onemind.access.sessions import key_of
from onemind.appdb.sending import Subscription
from tests.support.guarded import HOST, Guarded

NOW = datetime(2026, 6, 30, tzinfo=UTC)


def subscribed(server: Guarded) -> str:
    token = digest.token_of(server.appdb, "s1")
    row = Subscription("s1", "pat@example.org", "state=MA", 0, key_of(token), "ann", NOW)
    server.appdb.subscriptions.add(row)
    return f"/unsubscribe/{token}"


def test_opening_the_link_shows_a_button_and_changes_nothing(server: Guarded) -> None:
    address = subscribed(server)
    for method in ("get", "head"):
        answer = getattr(server.client(), method)(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
    text = server.client().get(address).text
    assert "pat@example.org gets a weekly digest of Massachusetts." in text
    assert "<button>Unsubscribe</button>" in text
    assert len(server.appdb.subscriptions.all()) == 1


def test_a_mail_program_ends_it_without_a_session_and_twice_is_fine(server: Guarded) -> None:
    address = subscribed(server)
    for _ in range(2):
        answer = server.client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You get no more of these messages" in answer.text
    assert server.appdb.subscriptions.all() == []
    (event,) = server.appdb.activity.events(("digest unsubscribed",))
    assert (event.actor, event.ip) == ("pat@example.org", "203.0.113.9")
    assert "You get no more" in server.client().get(address).text


def test_the_button_on_our_page_ends_it(server: Guarded) -> None:
    address = subscribed(server)
    answer = server.client().post(address, headers={"Origin": f"http://{HOST}"})
    assert answer.status_code == 200
    assert server.appdb.subscriptions.all() == []


def test_another_site_cannot_post_it_from_a_reader_s_browser(server: Guarded) -> None:
    address = subscribed(server)
    answer = server.client().post(address, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert len(server.appdb.subscriptions.all()) == 1


def test_an_unknown_token_is_nobody_s(server: Guarded) -> None:
    subscribed(server)
    for ask in (server.client().get, server.client().post):
        answer = ask("/unsubscribe/other")
        assert answer.status_code == 404
        assert "pat@" not in answer.text
    assert len(server.appdb.subscriptions.all()) == 1
