"""The outbox is emptied: each message once, refusals tried again or given up, crashes survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onemind.appdb import AppDatabase
from onemind.appdb.sending import CLAIMED, FAILED, MAIL, SENDING, SENT, UNCLEAR, WAITING, Message
from onemind.errors import NotPossibleNow
from onemind.mail import Mail, deliver, queued
from onemind.settings import ROOT, Settings
from tests.support.mailbox import Mailbox, certificate, mailbox, password

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
FROM = "One Mind <data@example.org>"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def appdb(tmp_path: Path) -> Iterator[AppDatabase]:
    with closing(AppDatabase(tmp_path / "store")) as found:
        yield found


def letter(to: str, name: str = "") -> Message:
    mail = Mail(to, "Where you stand", "Dear Chief,\n.\nYours")
    return queued(mail, FROM, name or to.partition("@")[0], "letter", f"Police of {to}", "ann", NOW)


def settings(box: Mailbox, **given: object) -> Settings:
    return Settings(smtp=box.server(**given), mail_from=FROM)


def sent(appdb: AppDatabase, box: Mailbox, at: datetime = NOW, **given: object) -> None:
    deliver(appdb, settings(box, **given), lambda: at)


def states(appdb: AppDatabase) -> dict[str, str]:
    return {message.id: message.state for message in appdb.outbox.all()}


def test_a_message_arrives_whole_is_noted_and_its_content_is_gone(
    appdb: AppDatabase, box: Mailbox
) -> None:
    assert appdb.outbox.put([letter("lee@example.org")]) == 1
    sent(appdb, box)
    (message,) = box.messages()
    assert message["Message-ID"] == "<lee@example.org>"
    assert (message["From"], message["To"]) == (FROM, "lee@example.org")
    assert message.get_content().split("\r\n") == ["Dear Chief,", ".", "Yours", ""]
    (kept,) = appdb.outbox.all()
    assert (kept.state, kept.content, kept.outcome) == (SENT, b"", "250 OK")
    (event,) = appdb.activity.events(("letter sent",))
    assert (event.actor, event.subject) == ("ann", "Police of lee@example.org")
    assert event.details["to"] == "lee@example.org"


def test_the_same_message_put_in_twice_is_one(appdb: AppDatabase, box: Mailbox) -> None:
    assert appdb.outbox.put([letter("a@example.org"), letter("b@example.org")]) == 2
    sent(appdb, box)
    assert appdb.outbox.put([letter("a@example.org"), letter("c@example.org")]) == 1
    sent(appdb, box)
    assert sorted(box.recipients) == ["a@example.org", "b@example.org", "c@example.org"]


def test_hundreds_of_messages_are_put_in_at_once(appdb: AppDatabase) -> None:
    assert appdb.outbox.put(letter(f"d{n}@example.org") for n in range(320)) == 320


def test_what_is_put_off_is_tried_again_later_and_later_and_given_up(
    appdb: AppDatabase, box: Mailbox
) -> None:
    box.at_rcpt["slow@example.org"] = "451 4.7.1 Greylisted"
    appdb.outbox.put([letter("slow@example.org"), letter("good@example.org")])
    at, waits = NOW, []
    while states(appdb)["slow"] == WAITING:
        sent(appdb, box, at)
        (kept,) = appdb.outbox.by_ids(["slow"]).values()
        waits.append((kept.next_at - at) // timedelta(minutes=1))
        asked = box.said["slow@example.org"]
        sent(appdb, box, at)  # not before its time
        assert box.said["slow@example.org"] == asked
        at = max(kept.next_at, at)
    assert waits[:4] == [1, 5, 30, 120]
    assert box.said["slow@example.org"] == 8
    assert box.recipients == ["good@example.org"]
    assert kept.outcome.startswith("Given up after 8 tries: 451 4.7.1 Greylisted")
    assert states(appdb)["slow"] == FAILED


def test_one_put_off_once_arrives_once(appdb: AppDatabase, box: Mailbox) -> None:
    box.at_rcpt["slow@example.org"] = "450 Busy"
    appdb.outbox.put([letter("slow@example.org")])
    sent(appdb, box)
    del box.at_rcpt["slow@example.org"]
    sent(appdb, box, NOW + timedelta(minutes=2))
    sent(appdb, box, NOW + timedelta(days=2))
    assert box.recipients == ["slow@example.org"]


def test_what_is_refused_is_given_up_at_once_and_logged(appdb: AppDatabase, box: Mailbox) -> None:
    box.at_rcpt["gone@example.org"] = "550 5.1.1 No such user"
    appdb.outbox.put([letter("gone@example.org"), letter("good@example.org")])
    sent(appdb, box)
    sent(appdb, box, NOW + timedelta(days=3))
    assert states(appdb) == {"gone": FAILED, "good": SENT}
    assert box.said["gone@example.org"] == 1
    (event,) = appdb.activity.events(("letter failed",))
    assert event.details["says"] == "550 5.1.1 No such user"


@pytest.mark.parametrize(
    ("answer", "state"), [("452 Full", WAITING), ("554 Spam", FAILED), ("250 Taken", SENT)]
)
def test_an_answer_to_the_content_counts_as_one_to_the_address(
    appdb: AppDatabase, box: Mailbox, answer: str, state: str
) -> None:
    box.at_data = lambda recipient: answer
    appdb.outbox.put([letter("lee@example.org")])
    sent(appdb, box)
    assert states(appdb) == {"lee": state}


def test_a_server_that_hangs_up_gets_the_others_on_a_new_connection(
    appdb: AppDatabase, box: Mailbox
) -> None:
    box.at_rcpt["b@example.org"] = "421 Too many on this connection"
    appdb.outbox.put(letter(f"{name}@example.org") for name in "abc")
    sent(appdb, box)
    assert states(appdb) == {"a": SENT, "b": WAITING, "c": SENT}


def test_an_unreachable_server_keeps_all_waiting(appdb: AppDatabase) -> None:
    with mailbox() as box:
        pass
    appdb.outbox.put([letter("lee@example.org")])
    with pytest.raises(NotPossibleNow, match=r"127\.0\.0\.1:\d+ can't be used"):
        sent(appdb, box)
    assert states(appdb) == {"lee": WAITING}


def test_without_a_server_it_is_said(appdb: AppDatabase) -> None:
    with pytest.raises(NotPossibleNow, match="Set ONEMIND_SMTP"):
        deliver(appdb, Settings(), lambda: NOW)


def test_two_that_empty_the_outbox_at_once_send_each_message_once(
    tmp_path: Path, appdb: AppDatabase, box: Mailbox
) -> None:
    names = [f"d{n}@example.org" for n in range(40)]
    appdb.outbox.put(map(letter, names))

    def empty(_: int) -> None:
        with closing(AppDatabase(tmp_path / "store")) as own:
            sent(own, box)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(empty, range(3)))
    assert sorted(box.recipients) == sorted(names)


# --- crashes --------------------------------------------------------------------------------------

CHILD = """
import sys
from datetime import UTC, datetime
from onemind.appdb import AppDatabase
from onemind.mail import deliver
from onemind.settings import MailServer, Settings
from pathlib import Path
server = MailServer("127.0.0.1", int(sys.argv[2]), security="none")
now = datetime(2026, 6, 30, 12, tzinfo=UTC)
appdb = AppDatabase(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
deliver(appdb, Settings(smtp=server, mail_from="data@example.org"), lambda: now)
"""


def killed_while_sending(store: Path, box: Mailbox) -> None:
    """Send from a process that is killed after the server took the content of its message."""
    command = [sys.executable, "-c", CHILD, str(store), str(box.port)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin and child.stdout

        def kill(recipient: str) -> str:
            os.kill(child.pid, signal.SIGKILL)
            return "250 Taken"

        box.at_data = kill
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("\n")
        child.stdin.flush()
        child.wait(60)
    box.at_data = lambda recipient: "250 Taken"


def test_a_crash_between_sending_and_noting_sends_nothing_twice(
    tmp_path: Path, appdb: AppDatabase, box: Mailbox
) -> None:
    appdb.outbox.put([letter("a@example.org"), letter("b@example.org")])
    killed_while_sending(tmp_path / "store", box)
    assert states(appdb) == {"a": SENDING, "b": WAITING}
    sent(appdb, box)
    sent(appdb, box, NOW + timedelta(minutes=11))
    sent(appdb, box, NOW + timedelta(days=2))
    assert states(appdb) == {"a": UNCLEAR, "b": SENT}
    assert box.recipients == ["a@example.org", "b@example.org"]
    (event,) = appdb.activity.events(("letter unclear",))
    assert event.subject == "Police of a@example.org"


def test_what_is_unclear_is_sent_again_only_when_somebody_says_so_under_the_same_id(
    tmp_path: Path, appdb: AppDatabase, box: Mailbox
) -> None:
    appdb.outbox.put([letter("a@example.org")])
    killed_while_sending(tmp_path / "store", box)
    later = NOW + timedelta(minutes=11)
    sent(appdb, box, later)
    assert appdb.outbox.again("a", later)
    sent(appdb, box, later)
    assert [item["Message-ID"] for item in box.messages()] == ["<a@example.org>"] * 2
    assert states(appdb) == {"a": SENT}
    assert not appdb.outbox.again("a", later)  # what was sent is not sent again


def test_a_crash_before_the_content_went_out_costs_ten_minutes(
    appdb: AppDatabase, box: Mailbox
) -> None:
    message = letter("a@example.org")
    appdb.outbox.put([message])
    assert appdb.outbox.claim(message, NOW)
    assert not appdb.outbox.claim(message, NOW)
    sent(appdb, box, NOW + timedelta(minutes=9))
    assert states(appdb) == {"a": CLAIMED}
    sent(appdb, box, NOW + timedelta(minutes=11))
    assert box.recipients == ["a@example.org"]


def test_who_lost_a_claim_hands_nothing_over(appdb: AppDatabase) -> None:
    message = letter("a@example.org")
    appdb.outbox.put([message])
    appdb.outbox.claim(message, NOW)
    later = NOW + timedelta(minutes=11)
    appdb.outbox.recover(MAIL, later - timedelta(minutes=10), later)
    assert appdb.outbox.claim(message, later)
    assert not appdb.outbox.begin(message, NOW)
    assert appdb.outbox.begin(message, later)


# --- privacy on the way ---------------------------------------------------------------------------


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """What makes a server of a certificate that this process trusts."""
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    yield {"tls_context": context, "require_starttls": True}


def test_a_password_goes_over_starttls(appdb: AppDatabase, trusted: dict[str, object]) -> None:
    with mailbox(**trusted, authenticator=password("word"), auth_required=True) as box:
        appdb.outbox.put([letter("lee@example.org")])
        with pytest.raises(NotPossibleNow, match="refuses the name or password"):
            sent(appdb, box, security="starttls", user="ann", password="other")
        sent(appdb, box, security="starttls", user="ann", password="word")
        assert box.recipients == ["lee@example.org"]


def test_a_server_with_tls_from_the_start_is_spoken_to_so(
    appdb: AppDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with mailbox(ssl_context=context) as box:
        appdb.outbox.put([letter("lee@example.org")])
        sent(appdb, box, security="tls")
        assert box.recipients == ["lee@example.org"]


def test_a_server_without_starttls_gets_nothing(appdb: AppDatabase, box: Mailbox) -> None:
    appdb.outbox.put([letter("lee@example.org")])
    with pytest.raises(NotPossibleNow, match="STARTTLS"):
        sent(appdb, box, security="starttls")
    assert box.said == {}


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    appdb: AppDatabase, tmp_path: Path
) -> None:
    context, _ = certificate(tmp_path)
    with mailbox(tls_context=context) as box:
        appdb.outbox.put([letter("lee@example.org")])
        with pytest.raises(NotPossibleNow, match="certificate"):
            sent(appdb, box, security="starttls")
        assert box.said == {}


def test_the_password_is_in_no_picture_of_the_settings(box: Mailbox) -> None:
    assert "word" not in repr(settings(box, user="ann", password="word"))


def test_the_outbox_works_the_same_wherever_a_change_comes_first(appdb: AppDatabase) -> None:
    """A change that another process made first keeps the messages out, too."""
    from onemind.appdb.sending import Subscription

    row = Subscription("s", "pat@example.org", "all", 0, "h", "ann", NOW)
    appdb.subscriptions.add(row)
    change = appdb.subscriptions.told(row, replace(row, last_at=NOW))
    assert appdb.outbox.put([letter("a@example.org")], change) == 1
    assert appdb.outbox.put([letter("b@example.org")], change) is None
    assert states(appdb) == {"a": WAITING}
