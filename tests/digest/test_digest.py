"""The digest: what changed, in the reader's scope, as HTML that asks nothing of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest

from onemind import cli, digest
from onemind.campaign import Scope
from onemind.digest.facts import Digest
from onemind.metrics import Point
from tests.conftest import TODAY, Campaign
from tests.support.mailbox import Mailbox, mailbox

EVIL = '<img src=x onerror="alert(1)"> & Co'
DEPARTMENTS = "department_id,name,type,county,state,sworn_officers,contact_name,contact_email\n"
NAMED = '"' + EVIL.replace('"', '""') + '"'
DATA = {
    "departments": DEPARTMENTS
    + f"A,{NAMED},municipal,Berkshire,MA,10,Secret Name,secret@example.org\n"
    + "B,Boxford,municipal,Essex,MA,10,,\nC,Canton,municipal,Norfolk,MA,5,,\n"
    "D,Dover,municipal,Strafford,NH,4,,\n",
    "pledges": "department_id,pledged_on,completion_confirmed_on\n"
    "A,2023-06-25,\nB,2026-06-01,\nC,2025-01-31,2026-06-27\nD,2026-06-26,\n",
    "training": "department_id,officer_id,course,completed_on\nC,O1,MHFA,2023-09-25\n",
}
BEFORE, AFTER = Point(1, date(2026, 6, 23)), Point(1, TODAY)


@pytest.fixture
def towns(campaign: Callable[..., Campaign]) -> Campaign:
    return campaign(**DATA)


def made(towns: Campaign, scope: str = "all") -> Digest:
    window = digest.window(towns.store, Scope.from_text(scope))
    return digest.digest(window, BEFORE, AFTER)


def listed(found: Digest) -> dict[str, list[tuple[str, str]]]:
    return {part.title: [(i.department_id, i.words) for i in part.items] for part in found.parts}


def test_it_lists_what_became_of_departments_since(towns: Campaign) -> None:
    found = made(towns)
    assert listed(found) == {
        "New pledges": [("D", "pledged on Jun 26, 2026")],
        "Completed": [("C", "pledged on Jan 31, 2025")],
        "Newly overdue": [("A", "the deadline was Jun 25, 2026")],
        "MHFA certificates that end within 90 days": [("C", "1 officer")],
        "Silent": [("D", "pledged but never reported training")],
    }
    assert found.span == "What changed from June 23, 2026 to June 30, 2026"
    numbers = {item.label: (item.value, item.change) for item in found.numbers}
    assert numbers["Pledged"] == ("4", "+1")
    assert numbers["Overdue"] == ("1", "+1")


def test_it_keeps_to_the_scope_and_names_no_contact(towns: Campaign) -> None:
    found = made(towns, "state=NH")
    assert listed(found).keys() == {"New pledges", "Silent"}
    assert found.title == "One Mind Campaign: New Hampshire"
    whole = digest.page(made(towns)) + digest.plain(made(towns))
    assert "ecret" not in whole
    for text in (digest.page(found), digest.plain(found)):
        assert not re.search("Boxford|Canton|onerror", text)
        assert "Dover" in text


def test_a_week_without_news_says_so(towns: Campaign) -> None:
    window = digest.window(towns.store, Scope())
    found = digest.digest(window, AFTER, AFTER)
    assert found.parts == ()
    assert "Nothing changed for any department." in digest.plain(found)
    assert "Nothing changed for any department." in digest.page(found)


class Tags(HTMLParser):
    """The elements of a page, and every address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src")]


def test_the_page_has_no_picture_no_script_and_no_address_but_the_dashboard_s(
    towns: Campaign,
) -> None:
    base = "https://onemind.example.org"
    page = digest.page(made(towns), base, Scope(state=("MA",)), f"{base}/unsubscribe/t")
    found = Tags(page)
    assert not found.tags & {"img", "script", "link", "iframe", "style", "base"}
    assert found.attributes <= {"style", "href", "lang", "charset", "name", "content"}
    assert "url(" not in page
    assert {address.removeprefix(base) for address in found.addresses} == {
        "/?state=MA", "/unsubscribe/t", "/department?id=A", "/department?id=C", "/department?id=D",
    }  # fmt: skip
    assert "&lt;img src=x" in page
    assert Tags(digest.page(made(towns))).addresses == []


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def command(
    towns: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("ONEMIND_STORE", str(towns.store.settings.store))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["digest", *words])
        answer = capsys.readouterr()
        return code, answer.out + answer.err

    return run


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


def test_without_a_mail_server_it_is_written_to_files(
    command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    code, says = command("--since", "2026-06-23", "-o", "week.html", "--to", "pat@example.org")
    assert code == 0
    assert "No mail server is set. The digest for pat@example.org was written to" in says
    assert "New pledges" in (tmp_path / "week.html").read_text(encoding="utf-8")
    draft = message_from_bytes(
        (tmp_path / "digest-pat@example.org.eml").read_bytes(), policy=default
    )
    assert (draft["To"], draft["X-Unsent"]) == ("pat@example.org", "1")
    for words in (["--to", "pat"], [], ["--scope", "nowhere", "-o", "x.html"]):
        assert command(*words)[0] == 2


def test_it_is_mailed_to_each_and_what_the_server_said_is_printed(
    command: Callable[..., tuple[int, str]], box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_SMTP", f"smtp://127.0.0.1:{box.port}?tls=none")
    monkeypatch.setenv("ONEMIND_MAIL_FROM", "data@example.org")
    box.at_rcpt["gone@example.org"] = "550 No such user"
    code, says = command("--to", "pat@example.org", "gone@example.org")
    assert code == 1
    assert "sent  pat@example.org  250 OK" in says
    assert "failed  gone@example.org  550 No such user" in says
    (message,) = box.messages()
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_subscriptions_are_added_listed_and_ended(
    command: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ("subscribe", "Pat@Example.org", "--scope", "state=MA", "--weekday", "Friday")
    assert command(*ask) == (
        3, "Set ONEMIND_URL first: each digest has a link that ends it, which needs the "
        "dashboard's address.\n",
    )  # fmt: skip
    monkeypatch.setenv("ONEMIND_URL", "https://onemind.example.org")
    assert command(*ask) == (0, "pat@example.org gets a digest every Friday.\n")
    assert command(*ask)[0] == 2  # it is there already
    assert command("subscribe", "pat@example.org", "--scope", "state=ZZ")[0] == 2
    assert command("subscribe", "nobody")[0] == 2
    assert command("subscribe", "x@example.org", "--weekday", "someday")[0] == 2
    (known,) = json.loads(command("list", "--json")[1])
    assert (known["address"], known["weekday"], known["scope"]) == (
        "pat@example.org", "friday", "state=MA",
    )  # fmt: skip
    assert command("unsubscribe", known["id"]) == (0, "pat@example.org gets no more digests.\n")
    assert command("unsubscribe", known["id"])[0] == 2
    assert "Nobody gets a digest yet" in command("list")[1]
