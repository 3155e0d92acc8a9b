"""A share link's token in a header: who it lets in, to what, and who is refused with a sentence."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from onemind import access
from tests.server.api.conftest import Served

ASKED = "/api/v1/progress"


def basic(served: Served, name: str, password: str) -> Any:
    client = served.server.client()
    text = b64encode(f"{name}:{password}".encode()).decode()
    client.headers["Authorization"] = f"Basic {text}"
    return client


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def test_a_token_lets_in_as_bearer_and_as_the_password_of_basic(served: Served) -> None:
    _, token = served.link()
    shown = served.bearing(token).get(ASKED)
    assert {row["county"] for row in shown.json()} == {"Essex"}
    for name in ("", "excel", "anybody@example.org"):
        assert basic(served, name, token).get(ASKED).json() == shown.json()


def test_nobody_is_let_in_without_or_by_what_is_no_token(served: Served) -> None:
    _, token = served.link()
    answer = served.server.client().get(ASKED)
    assert refused(answer, 401) == "Sign in first."
    assert "Bearer realm" in answer.headers["www-authenticate"]
    assert "Basic realm" in answer.headers["www-authenticate"]
    for text in ("Bearer", "Bearer x", f"Digest {token}", token, "Basic !!!", "Basic eA==",
                 f"Bearer {token} {token}"):  # fmt: skip
        client = served.server.client(address="198.51.100.1")
        client.headers["Authorization"] = text
        assert "has no token of a share link" in refused(client.get(ASKED), 401)
    client = served.bearing("x" * 43, "198.51.100.2")
    assert refused(client.get(ASKED), 401).startswith("There is no link with this token.")


def test_a_token_in_the_address_is_nothing(served: Served) -> None:
    _, token = served.link()
    assert served.server.client().get(f"{ASKED}?token={token}").status_code == 401
    answer = served.bearing(token).get(f"{ASKED}?token={token}")
    assert answer.status_code == 422
    assert token not in answer.text


def test_a_token_opens_no_page_and_no_websocket(served: Served) -> None:
    client = served.bearing(served.link()[1])
    for path in ("/", "/departments", "/api/session", "/api/events", "/media/x", "/upload"):
        assert client.get(path).status_code == 401, path


def test_guessing_tokens_is_no_longer_answered_not_even_with_the_right_one(served: Served) -> None:
    _, token = served.link()
    for number in range(access.links.GUESSES):
        client = served.bearing(f"{number:043}", "198.51.100.7")
        assert client.get(ASKED).status_code == 401
    answer = served.bearing(token, "198.51.100.7").get(ASKED)
    assert "Wait ten minutes" in refused(answer, 429)
    assert answer.headers["retry-after"] == "600"
    assert served.bearing(token, "198.51.100.8").get(ASKED).status_code == 200


def test_a_revoked_link_is_refused_at_once(served: Served) -> None:
    number, token = served.link()
    client = served.bearing(token)
    tag = client.get(ASKED).headers["etag"]
    access.links.revoke(served.server.appdb, number, "pat", datetime.now(UTC))
    assert "This link ended on" in refused(client.get(ASKED), 410)
    assert client.get(ASKED, headers={"If-None-Match": tag}).status_code == 410


def test_a_link_past_its_last_day_is_refused(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    _, token = served.link(days=1)
    now = datetime.now(UTC)
    from onemind.errors import LinkEnded

    appdb = served.server.appdb
    assert access.bearers.bearer(appdb, f"Bearer {token}", "10.0.0.1", now).scope.county
    with pytest.raises(LinkEnded):
        access.bearers.bearer(appdb, f"Bearer {token}", "10.0.0.1", now + timedelta(days=2))


def test_a_link_with_a_passphrase_opens_in_a_browser_only(served: Served) -> None:
    _, token = served.link(passphrase="two words and more")
    said = refused(served.bearing(token).get(ASKED), 403)
    assert said.startswith("This link asks for a passphrase, so it opens in a browser only.")


def test_a_link_without_downloads_gives_no_data_and_may_read_what_there_is(served: Served) -> None:
    client = served.bearing(served.link(downloads=False)[1])
    assert "permission to download data" in refused(client.get(ASKED), 403)
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/").status_code == 200


def test_a_link_for_some_pages_gives_what_they_show(served: Served) -> None:
    client = served.bearing(served.link(pages=("Training",))[1])
    assert client.get(ASKED).status_code == 200
    for path in ("departments", "departments/MA1", "metrics/pledged", "datasets/pledges"):
        said = refused(client.get(f"/api/v1/{path}"), 403)
        assert "through a link made for Training" in said
    assert client.get("/api/v1/metrics").status_code == 200
    outcomes = served.bearing(served.link(pages=("Outcomes",))[1])
    assert outcomes.get(ASKED).status_code == 403


def test_a_link_held_at_a_version_reads_that_one_alone(served: Served) -> None:
    client = served.bearing(served.link(version=1)[1])
    assert client.get(f"{ASKED}?version=1").headers["x-version"] == "1"
    assert refused(client.get(f"{ASKED}?version=2"), 404)
    assert refused(client.get("/api/v1/versions/1/changes/1"), 403)


def test_whoever_reads_the_newest_alone_is_told_when_it_moved(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.guarded import guarded
    from tests.support.worlds import World

    text = "department_id,name,type,state\n"
    made = campaign(departments=f"{text}A,Avon,municipal,MA\nB,Bath,municipal,MA\n")
    with guarded(made.folder, monkeypatch) as server:
        here = Served(server, World(made.folder, frozenset(), frozenset(), ""))
        client = here.bearing(here.link(scope=type(access.User("a", "partner").scope)())[1])
        assert client.get(f"{ASKED}?version=1&limit=1").status_code == 200
        made.publish(departments=f"{text}C,Calais,municipal,MA\n")
        answer = client.get(f"{ASKED}?version=1&limit=1&offset=1")
        assert "Version 2 was published in the meantime" in refused(answer, 409)
        assert answer.json()["version"] == 2
        assert [row["version"] for row in client.get("/api/v1/versions").json()] == [2]


def test_uses_are_counted_once_a_day_and_address_and_reads_are_noted(served: Served) -> None:
    number, token = served.link(label="Counted")
    for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2"):
        assert served.bearing(token, address).get(ASKED).status_code == 200
    link = served.server.appdb.links.by_id(number)
    assert link is not None
    assert link.uses == 2
    noted = [event for event in served.server.appdb.activity.events(("export",))
             if event.actor == "Counted"]  # fmt: skip
    assert [(event.subject, event.ip) for event in noted] == [
        (ASKED, "203.0.113.2"), (ASKED, "203.0.113.1"),
    ]  # fmt: skip


def test_a_proxy_s_own_header_beside_a_session_is_none(served: Served) -> None:
    client = served.server.client("viewer")
    client.headers["Authorization"] = "Basic " + b64encode(b"nginx:secret").decode()
    assert client.get(ASKED).status_code == 200


def test_the_days_to_come_are_not_for_partners(served: Served, partner: Any, viewer: Any) -> None:
    assert "days to come" in refused(partner.get(f"{ASKED}?as_of=2999-01-01"), 403)
    assert viewer.get(f"{ASKED}?as_of=2999-01-01").status_code == 200


def test_of_a_dashboard_for_this_computer_alone_whoever_is_here_may_ask(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.guarded import guarded

    with guarded(tmp_path, monkeypatch, people=False) as server:
        here = server.client(address="127.0.0.1")
        here.base_url = "http://127.0.0.1"
        assert here.get(ASKED).status_code == 200
        assert server.client().get(ASKED).status_code == 403


def test_a_public_view_gives_no_data(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support.guarded import guarded

    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="all") as server:
        assert server.client().get(ASKED).status_code == 403
