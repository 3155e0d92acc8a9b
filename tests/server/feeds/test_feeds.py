"""Feeds by the token in an address: who reads what, who is refused, and what is never in a byte."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onemind import access, runtime
from onemind.access import shareable
from onemind.access.links import Terms
from onemind.campaign import Scope
from onemind.server.feeds.reader import reader
from onemind.server.feeds.shelf import Shelf
from tests.support.guarded import Guarded, guarded
from tests.support.worlds import FORBIDDEN, INSIDE, SCOPE, World, world

TODAY = date.today()
PATHS = ("calendar.ics", "changes.atom", "badge/MA1.svg", "card/MA1", "picture.png")
TERMS = Terms("State <b>office</b>", SCOPE)
PAGE = {"Accept": "text/html"}
SLACK = {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}


@dataclass
class Served:
    """The server under test and the campaign in it."""

    server: Guarded
    world: World

    def link(self, terms: Terms = TERMS, **changed: Any) -> tuple[str, str]:
        """Make a link; returns its id and token."""
        terms, now = replace(terms, **changed), datetime.now(UTC)
        store = runtime.store()
        made, token = access.links.make(
            self.server.appdb, store, terms, shareable(), "Qauthor", now
        )
        return made.id, token

    def get(self, path: str, address: str = "203.0.113.9", **headers: str) -> Any:
        """Ask for an address without a session."""
        return self.server.client(address=address).get(path, headers=headers)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("feeds") / "world"
    made = world(folder, "Qzebra", 86_131, 3, TODAY)
    with pytest.MonkeyPatch.context() as patch, guarded(folder, patch) as found:
        yield Served(found, made)


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_shows_its_scope_and_nothing_of_the_rest_in_any_byte(
    served: Served, path: str
) -> None:
    answer = served.get(f"/feeds/{served.link()[1]}/{path}")
    assert answer.status_code == 200, answer.text
    said = answer.content.decode("latin-1") + str(answer.headers)
    assert served.world.found_in(answer.text if path != "picture.png" else "") == set()
    assert not [mark for mark in served.world.texts if mark.lower() in said.lower()]
    assert not [mark for mark in FORBIDDEN if mark in said]
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers


def test_the_marks_are_in_feeds_of_everything(served: Served) -> None:
    """Else the test above would prove nothing."""
    _, token = served.link(scope=Scope())
    said = served.get(f"/feeds/{token}/calendar.ics").text
    assert any(mark in said.replace("\r\n ", "") for mark in served.world.texts)
    assert served.get(f"/feeds/{token}/badge/{served.world.outside_id}.svg").status_code == 200


def test_each_kind_is_called_what_it_is(served: Served) -> None:
    _, token = served.link()
    kinds = [served.get(f"/feeds/{token}/{path}").headers["content-type"] for path in PATHS]
    assert kinds == [
        "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8",
        "image/svg+xml; charset=utf-8", "text/html; charset=utf-8", "image/png",
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_what_is_known_is_not_sent_again_and_head_tells_of_it(served: Served, path: str) -> None:
    where = f"/feeds/{served.link()[1]}/{path}"
    tag = served.get(where).headers["etag"]
    for known in (tag, f'"x", W/{tag}'):
        again = served.get(where, **{"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "private, no-cache"
    head = served.server.client().head(where)
    assert (head.status_code, head.headers["etag"]) == (200, tag)
    assert served.server.client().post(where).status_code in (401, 403, 405)


@pytest.mark.parametrize("path", PATHS)
def test_a_revoked_link_ends_its_feeds_at_once(served: Served, path: str) -> None:
    number, token = served.link()
    where = f"/feeds/{token}/{path}"
    tag = served.get(where).headers["etag"]
    access.links.revoke(served.server.appdb, number, "pat", datetime.now(UTC))
    answer = served.get(where, **{"If-None-Match": tag})
    assert answer.status_code == 410
    assert answer.text.startswith("This link ended on")
    assert "<h1>This link has ended</h1>" in served.get(where, **PAGE).text


def test_a_link_past_its_last_day_is_refused(served: Served) -> None:
    from onemind.server.exchange import caller

    _, token = served.link(days=1)
    scope = {"type": "http", "path": "/", "headers": [], "client": ("10.0.0.1", 1)}
    asks = caller(scope, runtime.visitors().settings)
    later = datetime.now(UTC) + timedelta(days=2)
    answer = reader(asks, token, "calendar", later)
    assert getattr(answer, "status_code", 200) == 410


def test_a_link_with_a_passphrase_gives_no_feed(served: Served) -> None:
    _, token = served.link(passphrase="two words and more")
    for path in PATHS:
        answer = served.get(f"/feeds/{token}/{path}")
        assert answer.status_code == 403
        assert answer.text.startswith("This link asks for a passphrase")


def test_a_link_gives_the_feeds_of_its_pages_and_is_offered_those_alone(served: Served) -> None:
    shown = {
        ("Training",): {"calendar"}, ("Overview",): {"changes", "picture"}, ("Map",): {"picture"},
        ("Department",): {"badge", "card"}, ("Partners",): set(),
    }  # fmt: skip
    for pages, names in shown.items():
        number, token = served.link(pages=pages)
        given = {path for path in PATHS if served.get(f"/feeds/{token}/{path}").status_code == 200}
        link = served.server.appdb.links.by_id(number)
        assert link is not None
        offered = access.links.feeds("https://x", token, link)
        assert set(offered) == names
        assert {item.split(".")[0].split("/")[0] for item in given} == names
    said = served.get(f"/feeds/{token}/badge/MA1.svg").text
    assert said.startswith("This link does not show each department's own page.")


def test_a_department_that_is_not_shown_is_none_known_or_not(served: Served) -> None:
    _, token = served.link()
    inside = served.get(f"/feeds/{token}/card/MA1").headers["etag"]
    answers = [
        served.get(f"/feeds/{token}/{path}", **{"If-None-Match": inside})
        for name in (served.world.outside_id, "none", "a%2Fb")
        for path in (f"badge/{name}.svg", f"card/{name}")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_unknown_tokens_are_counted_and_then_answered_no_more(served: Served) -> None:
    _, token = served.link()
    for number in range(access.links.GUESSES):
        answer = served.get(f"/feeds/{number:043}/calendar.ics", "198.51.100.7")
        assert answer.status_code == 404
        assert answer.text.startswith("There is no such link.")
    answer = served.get(f"/feeds/{token}/calendar.ics", "198.51.100.7")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")
    assert served.get(f"/feeds/{token}/calendar.ics", "198.51.100.8").status_code == 200
    assert served.get("/feeds/nothing").status_code == 404


def test_a_card_is_framed_by_the_sites_that_the_link_allows(served: Served) -> None:
    _, token = served.link(sites=("https://www.example.org",))
    policy = served.get(f"/feeds/{token}/card/MA1").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.example.org;" in policy
    assert "default-src 'none'" in policy
    _, other = served.link()
    policy = served.get(f"/feeds/{other}/card/MA1").headers["content-security-policy"]
    assert "frame-ancestors 'self';" in policy


def test_calendar_and_feed_are_uses_once_a_day_and_the_others_are_none(served: Served) -> None:
    number, token = served.link()
    for path in ("badge/MA1.svg", "card/MA1", "picture.png"):
        served.get(f"/feeds/{token}/{path}")
    assert _uses(served, number) == 0
    for path in ("calendar.ics", "calendar.ics", "changes.atom"):
        served.get(f"/feeds/{token}/{path}")
    assert _uses(served, number) == 1


def _uses(served: Served, number: str) -> int:
    link = served.server.appdb.links.by_id(number)
    assert link is not None
    return link.uses


def test_the_token_is_in_no_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    _, token = served.link()
    with caplog.at_level(logging.DEBUG):
        for path in PATHS:
            served.get(f"/feeds/{token}/{path}")
        client = served.server.client()
        client.post(f"/feeds/{token}/card/MA1", headers={"Origin": "https://evil.example"})
    said = " ".join(str(vars(record)) for record in caplog.records if record.name != "httpx")
    ours = [record for record in caplog.records if record.name == "onemind.server.requests"]
    assert {vars(record)["path"] for record in ours} == {"/feeds/*"}
    assert token not in " ".join(str(vars(record)) for record in ours)
    events = served.server.appdb.activity.events()
    assert token not in str(events) + said.replace(f"http://onemind.example/feeds/{token}", "")


# --- what chats and mail are told of a link -------------------------------------------------------


def test_a_scanner_gets_the_card_and_begins_no_session(served: Served) -> None:
    number, token = served.link()
    answer = served.get(f"/share/{token}", **SLACK)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex"
    assert 'og:title" content="State &lt;b&gt;office&lt;/b&gt;"' in answer.text
    assert "3 of 3 departments have pledged" in answer.text
    assert f'og:image" content="http://onemind.example/feeds/{token}/picture.png"' in answer.text
    assert served.world.found_in(answer.text) == set()
    assert not [mark for mark in FORBIDDEN if mark in answer.text]
    assert _uses(served, number) == 0
    assert served.get(f"/share/{token}", **PAGE).status_code == 303


@pytest.mark.parametrize(
    "agent",
    [
        "facebookexternalhit/1.1 Facebot Twitterbot/1.0", "WhatsApp/2.23", "LinkedInBot/1.0",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "TelegramBot (like x)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ],
)  # fmt: skip
def test_scanners_are_known_by_their_names(served: Served, agent: str) -> None:
    answer = served.get(f"/share/{served.link()[1]}", **{"User-Agent": agent})
    assert answer.status_code == 200


def test_a_browser_is_no_scanner(served: Served) -> None:
    cubot = "Mozilla/5.0 (Linux; Android 9; CUBOT X18) AppleWebKit/537.36 Chrome/99 Safari/537.36"
    answer = served.get(f"/share/{served.link()[1]}", **{"User-Agent": cubot})
    assert answer.status_code == 303


def test_of_a_link_with_a_passphrase_a_scanner_gets_the_product_s_name(served: Served) -> None:
    _, token = served.link(passphrase="two words and more")
    text = served.get(f"/share/{token}", **SLACK).text
    assert 'og:title" content="One Mind Campaign"' in text
    assert "office" not in text
    assert "departments" not in text
    assert "picture.png" not in text


def test_a_scanner_of_a_link_that_has_ended_or_is_unknown_is_told_so(served: Served) -> None:
    number, token = served.link()
    access.links.revoke(served.server.appdb, number, "pat", datetime.now(UTC))
    answer = served.get(f"/share/{token}", **SLACK)
    assert answer.status_code == 410
    assert "departments" not in answer.text
    assert served.get(f"/share/{'x' * 43}", "198.51.100.3", **SLACK).status_code == 404


# --- the public view ------------------------------------------------------------------------------


def test_without_a_public_view_there_are_no_public_feeds(served: Served) -> None:
    answer = served.get("/feeds/public/calendar.ics")
    assert (answer.status_code, answer.text) == (
        404, "This dashboard has no public view. Ask for a link to it.\n"
    )  # fmt: skip


def test_the_public_view_has_the_same_in_its_scope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(tmp_path / "w", "Qlynx", 5_731_977, 2, TODAY)
    with guarded(tmp_path / "w", monkeypatch, ONEMIND_PUBLIC="state=MA;county=Essex") as server:
        client = server.client()
        for path in PATHS:
            answer = client.get(f"/feeds/public/{path}")
            assert answer.status_code == 200
            assert not made.found_in(answer.text if path != "picture.png" else "")
        assert client.get(f"/feeds/public/card/{made.outside_id}").status_code == 404
        assert INSIDE[0] == "MA1"


def test_a_version_that_a_link_is_held_at_stays(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(
        departments="department_id,name,type,state\nA,Avon,municipal,MA\nB,Bath,municipal,MA\n"
    )
    with guarded(made.folder, monkeypatch) as server:
        here = Served(server, World(made.folder, frozenset(), frozenset(), ""))
        held, live = (here.link(scope=Scope(), version=version)[1] for version in (1, None))
        before = here.get(f"/feeds/{live}/card/A").headers["etag"]
        made.publish(departments="department_id,name,type,state\nA,Avalon,municipal,MA\n")
        assert ">Avon<" in here.get(f"/feeds/{held}/card/A").text
        now = here.get(f"/feeds/{live}/card/A", **{"If-None-Match": before})
        assert (now.status_code, ">Avalon<" in now.text) == (200, True)
        assert "Avalon" not in here.get(f"/feeds/{held}/changes.atom").text


def test_nothing_published_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="all") as server:
        answer = server.client().get("/feeds/public/calendar.ics")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert answer.text.startswith("Nothing is published yet.")


def test_a_shelf_makes_once_and_forgets_what_was_asked_for_longest_ago() -> None:
    shelf, made = Shelf(most=2, size=10), list[str]()

    def make(name: str, size: int = 1) -> bytes:
        def bytes_of_it() -> bytes:
            made.append(name)
            return b"x" * size

        return shelf.once(name, bytes_of_it)

    for name in ("a", "b", "a", "c", "a", "b"):
        make(name)
    assert made == ["a", "b", "c", "b"]
    make("large", 50)
    assert shelf.held == 50
