"""Share links: made once, opened until they end, and guessed by nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onemind import access, cli
from onemind.access.links import Terms
from onemind.access.sessions import key_of
from onemind.appdb import AppDatabase, Link
from onemind.campaign import Scope
from onemind.errors import NotPossibleNow, WrongUse
from tests.conftest import Campaign

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
TITLES = ("Overview", "Map", "Training")
DEPARTMENTS = """department_id,name,type,county,state
D1,Lee,municipal,Berkshire,MA
D2,Salem,municipal,Essex,MA
D3,"Kent, Sussex; and all",county,"KENT; SUSSEX",DE
"""


@pytest.fixture
def town(campaign: Callable[..., Campaign]) -> Campaign:
    return campaign(departments=DEPARTMENTS)


@pytest.fixture
def appdb(town: Campaign) -> Iterator[AppDatabase]:
    found = AppDatabase(town.folder / "store")
    yield found
    found.close()


Make = Callable[..., tuple[Link, str]]


@pytest.fixture
def make(appdb: AppDatabase, town: Campaign) -> Make:
    def run(label: str = "NAMI", now: datetime = NOW, **given: Any) -> tuple[Link, str]:
        return access.links.make(appdb, town.store, Terms(label, **given), TITLES, "pat", now)

    return run


def test_a_link_is_known_by_its_token_and_only_its_hash_is_kept(make: Make, appdb: AppDatabase):
    link, token = make(scope=Scope(state=("MA",)), pages=("map", "Overview"), days=2)
    assert access.links.known(appdb, token, "10.0.0.7", NOW) == link
    assert link.pages == ("Overview", "Map")
    assert link.expires_on == date(2026, 7, 2)
    assert len(token) >= 43  # 256 bits
    assert token not in str(vars(link))
    kept = (Path(str(appdb.links.database.engine.url.database)).parent).glob("state.sqlite*")
    assert all(token.encode() not in path.read_bytes() for path in kept)


def test_every_token_is_another(make: Make):
    assert make()[1] != make()[1]


def test_a_link_lasts_through_its_last_day_and_not_longer(make: Make):
    link, _ = make(days=1)
    last = datetime(2026, 7, 1, 23, 59, 59, tzinfo=UTC)
    assert access.links.standing(link, last) == access.links.ACTIVE
    assert access.links.standing(link, last + timedelta(seconds=1)) == access.links.ENDED


def test_a_revoked_link_ends_its_sessions_at_once_and_can_t_be_revoked_again(
    make: Make, appdb: AppDatabase
):
    link, _ = make()
    token = access.links.begin(appdb, link, NOW, "10.0.0.7", "Firefox")
    assert access.sessions.user_of(appdb, token, NOW) is not None
    access.links.revoke(appdb, link.id, "pat", NOW)
    assert access.sessions.user_of(appdb, token, NOW) is None
    with pytest.raises(NotPossibleNow, match="has already ended"):
        access.links.revoke(appdb, link.id, "pat", NOW)
    with pytest.raises(WrongUse, match="There is no link 'nonsense'"):
        access.links.revoke(appdb, "nonsense", "pat", NOW)
    found = appdb.links.by_id(link.id)
    assert found
    assert access.links.standing(found, NOW) == access.links.REVOKED


def test_a_use_is_counted_once_a_session(make: Make, appdb: AppDatabase):
    link, _ = make()
    for session in ("a", "a", "b", "a"):
        access.links.use(appdb, link.id, session, "10.0.0.7", NOW)
    found = appdb.links.by_id(link.id)
    assert found
    assert (found.uses, found.used_at) == (2, NOW)
    assert len(appdb.activity.events(("link opened",))) == 2


def test_what_only_fetched_the_link_leaves_nothing_for_long(make: Make, appdb: AppDatabase):
    link, _ = make()
    fetched = access.links.begin(appdb, link, NOW, "10.0.0.7", "scanner")
    opened = access.links.begin(appdb, link, NOW, "10.0.0.7", "Firefox")
    access.links.use(appdb, link.id, key_of(opened), "10.0.0.7", NOW)
    later = NOW + timedelta(days=2)
    access.links.begin(appdb, link, later, "10.0.0.7", "Firefox")
    assert access.sessions.user_of(appdb, opened, later) is not None
    assert access.sessions.user_of(appdb, fetched, later) is None


def test_guessing_tokens_stops_being_answered(make: Make, appdb: AppDatabase):
    _, token = make()
    for number in range(access.links.GUESSES):
        assert access.links.known(appdb, f"guess{number}", "10.0.0.7", NOW) is None
    with pytest.raises(NotPossibleNow, match="Wait ten minutes"):
        access.links.known(appdb, token, "10.0.0.7", NOW)
    assert access.links.known(appdb, token, "10.0.0.8", NOW)
    assert access.links.known(appdb, token, "10.0.0.7", NOW + access.links.GUESSING)
    assert len(appdb.activity.events(("refusal",))) == 1


def test_one_network_of_ipv6_guesses_as_one(appdb: AppDatabase):
    for number in range(access.links.GUESSES):
        access.links.known(appdb, "guess", f"2001:db8::{number:x}", NOW)
    with pytest.raises(NotPossibleNow):
        access.links.known(appdb, "guess", "2001:db8::ffff", NOW)
    assert access.links.known(appdb, "guess", "2001:db8:1::1", NOW) is None


def test_a_passphrase_opens_the_link_and_may_be_tried_a_few_times(make: Make, appdb: AppDatabase):
    link, _ = make(passphrase="correct horse")
    assert "correct horse" not in str(vars(link))
    assert access.links.try_passphrase(appdb, link, "correct horse", "10.0.0.7", NOW)
    for _ in range(access.links.TRIES):
        assert not access.links.try_passphrase(appdb, link, "wrong horse", "10.0.0.7", NOW)
    with pytest.raises(NotPossibleNow, match="Too many wrong passphrases"):
        access.links.try_passphrase(appdb, link, "correct horse", "10.0.0.7", NOW)
    assert access.links.try_passphrase(appdb, link, "correct horse", "10.0.0.8", NOW)


def test_passphrases_tried_at_once_do_not_slip_past_the_limit(make: Make, appdb: AppDatabase):
    link, _ = make(passphrase="correct horse")

    def tried(_: int) -> bool:
        try:
            return access.links.try_passphrase(appdb, link, "wrong horse", "10.0.0.7", NOW)
        except NotPossibleNow:
            return True

    with ThreadPoolExecutor(12) as pool:
        refused = list(pool.map(tried, range(12)))
    assert refused.count(False) == access.links.TRIES


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"label": "  "}, "The label has 0 characters"),
    ({"label": "x" * 101}, "The label has 101 characters"),
    ({"days": 0}, "a link lasts 1 to 365 days"),
    ({"days": 366}, "a link lasts 1 to 365 days"),
    ({"passphrase": "short"}, "The passphrase has 5 characters"),
    ({"pages": ("Upload",)}, "There is no page 'Upload' to share"),
    ({"pages": ()}, "Choose at least one page"),
    ({"version": 7}, "There is no version 7. The newest is 1."),
    ({"scope": Scope(county=("Esex",))}, "Did you mean 'Essex'?"),
    ({"scope": Scope(state=("ma",))}, "Did you mean 'MA'?"),
    ({"scope": Scope(department_id=("D9x",))}, "There is no department 'D9x'"),
    ({"scope": Scope(state=("DE",), county=("Essex",))}, "No department is in Delaware"),
    ({"sites": ("https://example.org/page",)}, "is not a site that can embed"),
    ({"sites": ("http://example.org",)}, "is not a site that can embed"),
    ({"sites": ("https://*.example.org",)}, "is not a site that can embed"),
    ({"sites": ("https://a.org; script-src *",)}, "is not a site that can embed"),
]


def test_terms_that_make_no_sense_are_refused_in_a_sentence(make: Make):
    for given, says in REFUSED:
        with pytest.raises(WrongUse) as refusal:
            make(**{"label": "NAMI", **given})
        assert says in str(refusal.value)


def test_a_scope_survives_being_written_down_whatever_is_in_its_values(
    make: Make, appdb: AppDatabase
):
    scope = Scope(county=("KENT; SUSSEX",), state=("DE",), type=("county",))
    link, _ = make(scope=scope)
    assert Scope.from_text(link.scope) == scope
    odd = Scope(department_id=("A,B", "50%2C", "state=MA;x"))
    assert Scope.from_text(odd.text()) == odd


def test_sites_are_kept_as_origins(make: Make):
    link, _ = make(sites=(" https://WWW.Example.org/ ", "http://localhost:8600"))
    assert link.sites == ("https://www.example.org", "http://localhost:8600")


def run(capsys: pytest.CaptureFixture[str], *given: str) -> tuple[int, str, str]:
    code = cli.main(["link", *given])
    return code, *capsys.readouterr()


def test_a_link_is_made_listed_and_revoked_from_the_command_line(
    town: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ONEMIND_STORE", str(town.folder / "store"))
    monkeypatch.setenv("ONEMIND_URL", "https://onemind.example.org/")
    scope = "state=MA;county=Essex"
    code, out, err = run(capsys, "create", "--label", "NAMI", "--scope", scope, "--pages",
                         "Overview,Training", "--version", "1", "--downloads")  # fmt: skip
    assert code == 0
    assert out.startswith("https://onemind.example.org/share/")
    assert "not shown again" in err
    code, out, _ = run(capsys, "list", "--json")
    (found,) = json.loads(out)
    assert found["scope"] == scope
    assert found["pages"] == ["Overview", "Training"]
    assert (found["state"], found["uses"], found["version"]) == ("active", 0, 1)
    assert "address" not in found
    code, out, _ = run(capsys, "revoke", found["id"])
    assert (code, out) == (0, "The link 'NAMI' has ended.\n")
    assert run(capsys, "revoke", found["id"])[0] == 3
    assert "revoked" in run(capsys, "list")[1]
    assert run(capsys, "create", "--label", "x", "--scope", "county=Esex")[0] == 2
