"""Signing in: by password, by a provider's word, and what must not work."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from argon2 import PasswordHasher

from onemind import access, cli
from onemind.access import Visitors, passwords
from onemind.access.attempts import AT_ACCOUNT, BY_ADDRESS, attempt, from_address
from onemind.access.passwords import hashed, matches
from onemind.access.people import Actor
from onemind.access.signin import Browser, by_password, by_provider
from onemind.appdb import AppDatabase
from onemind.errors import NotPossibleNow, SignInFailed, TooManyAttempts, WrongUse
from onemind.settings import Provider, Settings, providers
from tests.support.guarded import HOST, Guarded, guarded

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BY = Actor("tester", "10.0.0.7")
HERE = Browser("10.0.0.7", "Firefox")
WORDS = "correct horse battery"
PROVIDER = Provider("company", "Company", "http://x", "id", "secret")


@pytest.fixture(autouse=True)
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make argon2 quick, but where its cost is what is tested."""
    if "costs" not in request.node.name:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", lambda: quick)
        access.passwords._nobodys.cache_clear()


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    appdb = AppDatabase(tmp_path)
    access.people.add(appdb, "Ann@Example.org", "admin", BY, NOW, WORDS)
    access.people.add(appdb, "vic@example.org", "viewer", BY, NOW)
    yield Visitors(appdb, Settings(store=tmp_path))
    appdb.close()


def test_the_right_password_begins_a_session(visitors: Visitors) -> None:
    token = by_password(visitors, " ANN@example.org ", WORDS, HERE)
    user = visitors.who(token)
    assert user is not None
    assert (user.name, user.role) == ("ann@example.org", "admin")
    assert visitors.appdb.activity.events(("sign-in",))[0].subject == "password"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ann@example.org", "wrong"), ("nobody@example.org", WORDS), ("vic@example.org", ""),
     ("vic@example.org", WORDS), ("", ""), ("' or 1=1 --", "x"), ("ann@example.org", WORDS * 99)],
)  # fmt: skip
def test_whatever_is_wrong_the_answer_is_the_same(
    visitors: Visitors, email: str, password: str
) -> None:
    with pytest.raises(SignInFailed) as refusal:
        by_password(visitors, email, password, HERE)
    assert str(refusal.value) == "Incorrect email address or password."
    assert visitors.appdb.activity.events(("sign-in failed",))[0].ip == "10.0.0.7"


def test_an_unknown_account_costs_as_much_time_as_a_wrong_password(visitors: Visitors) -> None:
    def taken(email: str) -> float:
        begun = time.process_time()
        with pytest.raises(SignInFailed):
            by_password(visitors, email, "wrong wrong wrong", HERE)
        return time.process_time() - begun

    taken("nobody@example.org")
    known = [taken("ann@example.org") for _ in range(4)]
    unknown = [taken("nobody@example.org") for _ in range(4)]
    assert 0.6 < median(known) / median(unknown) < 1.7


def test_somebody_disabled_is_refused_in_the_same_words(visitors: Visitors) -> None:
    access.people.add(visitors.appdb, "bob@example.org", "staff", BY, NOW, WORDS)
    access.people.disable(visitors.appdb, "bob@example.org", BY, NOW)
    with pytest.raises(SignInFailed, match="Incorrect email address or password"):
        by_password(visitors, "bob@example.org", WORDS, HERE)


def test_after_ten_tries_an_account_waits_even_with_the_right_password(visitors: Visitors) -> None:
    for number in range(AT_ACCOUNT):
        with pytest.raises(SignInFailed):
            by_password(visitors, "ann@example.org", "wrong", Browser(f"10.0.{number}.1", ""))
    with pytest.raises(TooManyAttempts, match="Try again in 15 minutes"):
        by_password(visitors, "ann@example.org", WORDS, HERE)


def test_an_address_waits_after_thirty_tries_and_not_for_ever(visitors: Visitors) -> None:
    limit = from_address("sign-in", "2001:db8::1")
    for _ in range(BY_ADDRESS):
        attempt(visitors.appdb, NOW, limit)
    with pytest.raises(TooManyAttempts):
        attempt(visitors.appdb, NOW, from_address("sign-in", "2001:db8::2"))
    attempt(visitors.appdb, NOW, from_address("sign-in", "2001:db8:0:1::1"))
    attempt(visitors.appdb, NOW + timedelta(minutes=16), limit)


def test_attempts_at_once_do_not_slip_past_the_limit(visitors: Visitors) -> None:
    def tried(_: int) -> bool:
        try:
            attempt(visitors.appdb, NOW, from_address("sign-in", "10.0.0.9"))
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(tried, range(BY_ADDRESS + 20))) == BY_ADDRESS


def test_signing_in_forgets_the_tries_at_the_account(visitors: Visitors) -> None:
    for _ in range(AT_ACCOUNT - 1):
        with pytest.raises(SignInFailed):
            by_password(visitors, "ann@example.org", "wrong", HERE)
    by_password(visitors, "ann@example.org", WORDS, HERE)
    with pytest.raises(SignInFailed):
        by_password(visitors, "ann@example.org", "wrong", HERE)


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused_with_its_length(password: str) -> None:
    with pytest.raises(WrongUse, match=f"this one has {len(password)}"):
        hashed(password)


def test_what_is_kept_of_a_password_costs_an_argon2id_and_is_never_the_same() -> None:
    first, second = hashed(WORDS), hashed(WORDS)
    assert first.startswith("$argon2id$v=19$m=65536")
    assert first != second
    assert matches(first, WORDS) and matches(second, WORDS)
    assert not matches("not a hash", WORDS)


def test_a_new_session_ends_the_one_the_browser_had(visitors: Visitors) -> None:
    first = by_password(visitors, "ann@example.org", WORDS, HERE)
    second = by_password(visitors, "ann@example.org", WORDS, Browser("", "", first))
    assert second != first
    assert visitors.who(first) is None


def test_signing_out_everywhere_and_a_new_password_end_every_session(visitors: Visitors) -> None:
    one, two = (by_password(visitors, "ann@example.org", WORDS, HERE) for _ in range(2))
    access.signin.out_everywhere(visitors, one, HERE)
    assert visitors.who(one) is visitors.who(two) is None
    three, four = (by_password(visitors, "ann@example.org", WORDS, HERE) for _ in range(2))
    with pytest.raises(SignInFailed):
        access.signin.change_password(visitors, three, "wrong", "another fine password", HERE)
    five = access.signin.change_password(visitors, three, WORDS, "another fine password", HERE)
    assert visitors.who(three) is visitors.who(four) is None
    assert visitors.who(five) is not None


def test_a_provider_lets_in_who_is_on_the_list_with_the_role_of_the_list(
    visitors: Visitors,
) -> None:
    claims = {"email": "Vic@Example.org", "email_verified": True, "roles": ["admin"]}
    user = visitors.who(by_provider(visitors, PROVIDER, claims, HERE))
    assert user is not None
    assert (user.name, user.role) == ("vic@example.org", "viewer")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "vic@example.org"},
        {"email": "vic@example.org", "email_verified": False},
        {"email": "vic@example.org", "email_verified": "true"},
        {"email": "eve@example.org", "email_verified": True},
        {"email": "eve@example.org", "email_verified": True, "roles": ["king"]},
    ],
)
def test_a_provider_lets_in_nobody_else(visitors: Visitors, claims: dict[str, Any]) -> None:
    with pytest.raises(SignInFailed, match="no account here"):
        by_provider(visitors, PROVIDER, claims, HERE)


def test_an_address_that_only_looks_like_anothers_is_not_theirs(visitors: Visitors) -> None:
    access.people.add(visitors.appdb, "mark@example.org", "admin", BY, NOW)
    assert "mar\u212a@example.org".lower() == "mark@example.org"
    with pytest.raises(SignInFailed, match="no account here"):
        claims = {"email": "mar\u212a@example.org", "email_verified": True}
        by_provider(visitors, PROVIDER, claims, HERE)


def test_a_claim_gives_the_role_and_takes_it_away(visitors: Visitors) -> None:
    provider = Provider(
        "company", "Company", "http://x", "id", "s", "groups",
        (("om-staff", "staff"), ("om-all", "viewer")),
    )  # fmt: skip
    claims = {"email": "eve@example.org", "email_verified": True, "groups": ["om-all", "om-staff"]}
    user = visitors.who(by_provider(visitors, provider, claims, HERE))
    assert user is not None
    assert user.role == "staff"
    lower = {**claims, "groups": "om-all"}
    user = visitors.who(by_provider(visitors, provider, lower, HERE))
    assert user is not None
    assert user.role == "viewer"
    with pytest.raises(SignInFailed):
        by_provider(visitors, provider, {**claims, "groups": []}, HERE)


def test_somebody_disabled_comes_in_by_no_provider(visitors: Visitors) -> None:
    access.people.disable(visitors.appdb, "vic@example.org", BY, NOW)
    claims = {"email": "vic@example.org", "email_verified": True}
    with pytest.raises(SignInFailed):
        by_provider(visitors, PROVIDER, claims, HERE)


def test_providers_come_from_the_environment_and_from_the_list() -> None:
    listed = {"google": {"url": "https://g.example/", "client_id": "a", "client_secret": "b"}}
    alone = {"url": "https://c.example", "client_id": "c", "client_secret": "d", "roles_claim": ""}
    first, second = providers(alone, listed)
    assert (first.name, first.label) == ("google", "Google")
    assert first.url == "https://g.example/.well-known/openid-configuration"
    assert (second.name, second.client_secret) == ("company", "d")
    assert "'d'" not in repr(second)
    with pytest.raises(WrongUse, match="Missing: client_secret"):
        providers({}, {"google": {"url": "https://g.example", "client_id": "a"}})


def test_an_admin_always_stays_and_the_first_person_is_one(
    visitors: Visitors, tmp_path: Path
) -> None:
    with pytest.raises(NotPossibleNow, match="the only admin"):
        access.people.remove(visitors.appdb, "ann@example.org", BY, NOW)
    with pytest.raises(NotPossibleNow, match="the only admin"):
        access.people.disable(visitors.appdb, "ann@example.org", BY, NOW)
    with pytest.raises(NotPossibleNow, match="the only admin"):
        access.people.set_role(visitors.appdb, "ann@example.org", "staff", BY, NOW)
    other = AppDatabase(tmp_path / "other")
    with pytest.raises(WrongUse, match="must be an admin"):
        access.people.add(other, "vic@example.org", "viewer", BY, NOW)
    other.close()


@pytest.mark.parametrize("email", ["", "ann", "ann@", "a b@c.d", "<b>@x.org", "a@b.c\nx", "a@b"])
def test_what_is_no_email_address_is_not_added(visitors: Visitors, email: str) -> None:
    with pytest.raises(WrongUse, match="not an email address"):
        access.people.add(visitors.appdb, email, "viewer", BY, NOW)


def test_the_command_line_adds_lists_changes_and_removes_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO(WORDS + "\n"))
    ann, bob = "ann@example.org", "bob@example.org"
    assert cli.main(["people", "add", ann, "--role", "admin", "--password-stdin"]) == 0
    assert cli.main(["people", "add", bob, "--role", "viewer"]) == 0
    made = capsys.readouterr().out.split("Password: ")[1].split()[0]
    assert cli.main(["people", "role", bob, "--role", "staff"]) == 0
    assert cli.main(["people", "disable", bob]) == cli.main(["people", "enable", bob]) == 0
    visitors = Visitors(AppDatabase(tmp_path), Settings(store=tmp_path))
    for email, password in ((ann, WORDS), (bob, made)):
        assert visitors.who(by_password(visitors, email, password, HERE)) is not None
    assert cli.main(["people", "reset", bob, "--no-password"]) == 0
    assert cli.main(["people", "remove", bob]) == 0
    assert cli.main(["people", "remove", bob]) == 2
    assert cli.main(["people", "remove", ann]) == 3
    assert cli.main(["people", "add"]) == 2
    capsys.readouterr()
    assert cli.main(["people", "list"]) == 0
    assert capsys.readouterr().out == "ann@example.org  admin  password\n"
    assert cli.main(["activity", "--csv", "--action", "role changed"]) == 0
    assert '"from viewer, to staff"' in capsys.readouterr().out
    visitors.appdb.close()


@pytest.fixture
def server(server: Guarded) -> Guarded:
    """Return the server every test has; its staff have a password."""
    access.people.reset(server.appdb, "staff@example.org", WORDS, BY, NOW)
    return server


def filled(client: Any, password: str = WORDS, **given: str) -> Any:
    """Fill in the form of the sign-in page, as it was sent, and post it."""
    text = client.get("/login", params={"next": given.get("next", "/")}).text
    form = text.split('name="form" value="')[1].split('"')[0]
    data = {"form": form, "email": "staff@example.org", "password": password, **given}
    return client.post("/login", data=data, headers={"Origin": f"http://{HOST}"})


def session_cookie(answer: Any) -> str:
    """The line that gives the session; those that take a link's away come before it."""
    lines: list[str] = answer.headers.get_list("set-cookie")
    return next(line for line in lines if "onemind_session=" in line)


def test_whoever_signs_in_leaves_the_link_they_looked_through(server: Guarded) -> None:
    client = server.client()
    client.cookies.set("onemind_link", server.token("partner"))
    assert "as NAMI" in client.get("/").text
    lines = filled(client).headers.get_list("set-cookie")
    assert any(line.startswith("onemind_link=; Max-Age=0") for line in lines)


def test_the_form_signs_in_and_leads_to_where_one_wanted_to_go(server: Guarded) -> None:
    client = server.client()
    answer = filled(client, next="/training?county=Dukes")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/training?county=Dukes"
    cookie = session_cookie(answer)
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    assert "as staff@example.org" in client.get("/training").text


def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_URL=f"https://{HOST}") as server:
        access.people.reset(server.appdb, "staff@example.org", WORDS, BY, NOW)
        client = server.client()
        client.base_url = f"https://{HOST}"
        text = client.get("/login").text
        form = text.split('name="form" value="')[1].split('"')[0]
        data = {"form": form, "email": "staff@example.org", "password": WORDS}
        answer = client.post("/login", data=data)
        cookie = session_cookie(answer)
        assert cookie.startswith("__Host-onemind_session=")
        assert "Secure" in cookie
        plain = server.client("admin")  # a cookie without the prefix, as a neighbor might set it
        assert plain.get("/").status_code == 401


def test_the_session_is_renewed_at_sign_in(server: Guarded) -> None:
    planted = server.token("viewer")
    client = server.client()
    client.cookies.set("onemind_session", planted)
    cookie = session_cookie(filled(client))
    assert cookie.startswith("onemind_session=")
    assert planted not in cookie
    old = server.client()
    old.cookies.set("onemind_session", planted)
    assert old.get("/").status_code == 401


ELSEWHERE = (
    *("https://evil.example", "//evil.example", "/\\evil.example", "/%5cevil.example", "\\\\evil"),
    *("/%2fevil.example", "javascript:alert(1)", "/\tevil", "/ok\r\nSet-Cookie: a=b", "evil"),
    *("///evil.example", "//[evil", "/login?next=/login", "/x//evil.example", "/%0d%0aLocation:x"),
)


def test_signing_in_leads_nowhere_else(server: Guarded) -> None:
    for wanted in ELSEWHERE:
        answer = filled(server.client(), next=wanted)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), wanted


def test_a_wrong_password_says_so_keeps_the_address_and_gives_no_cookie(server: Guarded) -> None:
    client = server.client()
    answer = filled(client, password="wrong wrong wrong", next="/training")
    assert answer.status_code == 401
    assert "Incorrect email address or password" in answer.text
    assert 'value="staff@example.org"' in answer.text and 'value="/training"' in answer.text
    assert "onemind_session" not in client.cookies


def test_what_was_typed_is_shown_as_text(server: Guarded) -> None:
    evil = '"><script>alert(1)</script>@x.org'
    answer = filled(server.client(), email=evil)
    assert "<script" not in answer.text


def test_a_form_of_another_browser_or_site_is_refused(server: Guarded) -> None:
    text = server.client().get("/login").text
    form = text.split('name="form" value="')[1].split('"')[0]
    data = {"form": form, "email": "staff@example.org", "password": WORDS}
    other = server.client()
    assert other.post("/login", data=data).status_code == 403
    assert "onemind_session" not in other.cookies
    client = server.client()
    client.get("/login")
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):  # fmt: skip
        assert client.post("/login", data=data, headers=headers).status_code == 403
    assert client.post("/login", content=b"x" * 20_000).status_code == 403
    assert client.post("/login", data=data | {"form": "ä"}).status_code == 403


def test_the_account_page_signs_out_here_or_everywhere(server: Guarded) -> None:
    for what, other_stays in (("here", True), ("everywhere", False)):
        client, other = server.client("staff"), server.client("staff")
        text = client.get("/account").text
        assert "signed in as <strong>staff@example.org</strong>" in text
        form = text.split('name="form" value="')[1].split('"')[0]
        answer = client.post("/account", data={"form": form, "do": what})
        assert "You are signed out" in answer.text
        assert client.get("/").status_code == 401
        assert (other.get("/").status_code == 200) == other_stays
    assert client.post("/account", data={"do": "here"}).status_code == 303
