"""Letters: one page each, from a text that runs nothing; each sent once, and never silently."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from onemind import cli, documents, metrics
from onemind.appdb import AppDatabase
from onemind.campaign import Filter, Scope, Sight
from onemind.documents.letters import FIELDS, SHIPPED, Letter, Text
from onemind.errors import NotPossibleNow, WrongUse
from onemind.settings import Settings
from onemind.store import Window
from tests.conftest import TODAY, Campaign, campaigning
from tests.documents.test_brief import UNKIND, pages
from tests.support.mailbox import Mailbox, mailbox

letters = documents.letters
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BY = ("ann", "203.0.113.9")
DEPARTMENTS = (
    "department_id,name,type,municipality,county,state,sworn_officers,contact_name,contact_email\n"
    "D1,Lee Police,municipal,Lee,Berkshire,MA,10,Chief Ann Lee,lee@example.org\n"
    "D2,Ayer Police,municipal,Ayer,Middlesex,MA,20,,ask the desk\n"
    "D3,Avon Police,municipal,Avon,Norfolk,MA,,,\n"
    "D4,Stow Police,municipal,Stow,Middlesex,MA,5,Chief Bo,stow@example.org\n"
)
DATA = {
    "departments": DEPARTMENTS,
    "pledges": "department_id,pledged_on,policy_adopted_on\n"
    "D1,2017-09-20,2018-02-01\nD2,2017-09-20,\nD4,2025-01-31,\n",
    "training_totals": "department_id,as_of,mhfa_trained,cit_trained\nD1,2026-01-31,9,2\n",
    "partners": "partner_id,name,kind\nP1,Berkshire Clinic,hospital\n",
    "partnerships": "department_id,partner_id,kind,signed_on\nD1,P1,referral,2019-07-18\n",
}
Publish = Callable[..., Campaign]


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Lend four departments, the same to every test: nothing is changed in them."""
    with campaigning(tmp_path_factory.mktemp("towns")) as found:
        found.publish(**DATA)
        yield found


@pytest.fixture
def appdb(tmp_path: Path) -> Iterator[AppDatabase]:
    with closing(AppDatabase(tmp_path / "state")) as found:
        yield found


def written(
    towns: Campaign, text: Text = SHIPPED, answer_to: str = "data@example.org", **where: object
) -> dict[str, Letter]:
    chosen = Filter(**where)  # type: ignore[arg-type]
    found = letters.letters(towns.store, chosen, text, answer_to, TODAY)
    return {item.department_id: item for item in found}


# --- what a letter says ---------------------------------------------------------------------------


def test_a_letter_says_what_is_met_what_is_missing_by_when_and_whom_to_answer(
    towns: Campaign,
) -> None:
    lee = written(towns)["D1"]
    assert lee.subject == "Lee Police: where your pledge stands"
    assert lee.paragraphs[0] == "Dear Chief Ann Lee,"
    text = "\n".join(lee.paragraphs)
    assert "Overdue by 5.8 years. The deadline was September 20, 2020." in text
    assert "Met so far: partnership, policy and CIT. Not met, or not reported to us: MHFA." in text
    assert "Please reply to data@example.org." in text
    card = {row["title"]: (row["status"], row["found"], row["on"]) for row in lee.checks}
    assert card["MHFA"] == ("Not met", "9 of 10 (90%); 1 more needed.", "January 31, 2026")
    assert card["Policy"] == ("Met", "Adopted on February 1, 2018.", "February 1, 2018")
    assert "As of June 30, 2026, version 1" in lee.words()


def test_what_is_unknown_is_called_so(towns: Campaign) -> None:
    avon = written(towns, answer_to="")["D3"]
    assert avon.paragraphs[0] == "Dear Chief,"
    text = "\n".join(avon.paragraphs)
    assert "Has not pledged. Met so far: none." in text
    assert "reply to whoever sent you this letter." in text
    assert {row["status"] for row in avon.checks} == {"Not reported"}


def test_every_field_can_stand_in_a_text(towns: Campaign) -> None:
    text = Text("{stage}", "\n".join(f"{name}={{{name}}}" for name in FIELDS))
    lines = written(towns, text)["D1"].paragraphs[0].split("\n")
    values = dict(line.split("=", 1) for line in lines)
    assert values.keys() == FIELDS.keys()
    assert (values["pledged"], values["deadline"]) == ("September 20, 2017", "September 20, 2020")
    assert values["place"] == "Lee, Berkshire County, MA"
    assert values["edition"].startswith("2016")


def test_a_letter_agrees_with_the_department_s_own_page(sample: Campaign) -> None:
    """What is read of all departments at once is what each department's own page reads."""
    cards = metrics.cards(sample.store, Filter(), TODAY)
    assert len(cards) == 393
    for card in cards[::29]:
        alone = metrics.dossier(sample.store, card.row["department_id"], Filter(), TODAY)
        assert card == replace(alone, months=(), sessions=(), ending=(), totals=(), outcomes=())


def test_the_filter_and_the_scope_say_who_gets_one(towns: Campaign) -> None:
    assert set(written(towns, stage=("overdue",), county=("Middlesex",))) == {"D2"}
    window = Window(towns.store, Sight(Scope(county=("Berkshire",))))
    found = letters.letters(window, Filter(), SHIPPED, "", TODAY)
    assert [item.department_id for item in found] == ["D1"]
    with pytest.raises(WrongUse, match="No department matches: county Dukes"):
        written(towns, county=("Dukes",))


def test_without_contacts_in_sight_a_letter_has_no_address(towns: Campaign) -> None:
    window = Window(towns.store, Sight(contacts=False))
    found = letters.letters(window, Filter(), SHIPPED, "", TODAY)
    assert {(item.contact, item.given, item.address) for item in found} == {("", "", "")}


def test_before_anything_is_published_there_are_no_letters(empty: Campaign) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        written(empty)


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Dear {contac},", r"There is no field \{contac\}. Did you mean \{contact\}\?"),
        ("{__class__}", r"There is no field \{__class__\}. The fields are: \{department\}, "),
        ("{department.name}", r"There is no field \{department.name\}"),
        ("{department!r:>9}", r"There is no field \{department!r:>9\}"),
        ("{}", r"There is no field \{\}"),
        ("{0}", r"There is no field \{0\}"),
        ("a { b", r"a '\{' without its other half. Write \{\{ for a brace"),
        ("a } b", r"a '\}' without its other half"),
        ("{ {contact}", "without its other half"),
        (" \n ", "The letter has 0 characters. Write 1 to 3,000"),
        ("x" * 3001, "The letter has 3,001 characters"),
    ],
)
def test_a_text_that_makes_no_sense_is_refused_by_name(
    appdb: AppDatabase, body: str, said: str
) -> None:
    with pytest.raises(WrongUse, match=said):
        letters.save(appdb, Text("Hello", body), "ann", NOW)
    assert letters.current(appdb) == SHIPPED


def test_a_text_is_kept_for_all_and_can_be_taken_back(appdb: AppDatabase) -> None:
    text = letters.save(appdb, Text(" Dear\n{contact} ", "One.\r\n\r\nTwo {{2}}.\n"), "ann", NOW)
    assert text == letters.current(appdb) == Text("Dear {contact}", "One.\n\nTwo {{2}}.")
    assert letters.forget(appdb, "bob", NOW) == letters.current(appdb) == SHIPPED
    found = [(e.actor, e.subject) for e in appdb.activity.events(("letter text changed",))]
    assert found == [("bob", "as shipped"), ("ann", "Dear {contact}")]


def test_doubled_braces_are_braces_and_values_are_not_read_again(campaign: Publish) -> None:
    named = "department_id,name,type,state\nD1,{contact} {{x}} Police,municipal,MA\n"
    towns = campaign(departments=named)
    letter = written(towns, Text("{department}", "{{contact}} is {contact}"))["D1"]
    assert letter.subject == "{contact} {{x}} Police"
    assert letter.paragraphs == ("{contact} is Chief",)


# --- on paper -------------------------------------------------------------------------------------


def test_each_letter_is_one_page_together_and_alone(towns: Campaign) -> None:
    found = list(written(towns).values())
    assert pages(letters.together(found, NOW)) == len(found) == 4
    zipped = unpacked(letters.bundle(found, "", NOW, NOW))
    papers = [content for name, content in zipped.items() if name.endswith(".pdf")]
    assert [pages(content) for content in papers] == [1, 1, 1, 1]


def test_what_is_typed_is_never_code_and_always_one_page(campaign: Publish) -> None:
    named = '"' + UNKIND.replace('"', '""') + '"'
    towns = campaign(
        departments=f"department_id,name,type,state,contact_name\nD1,{named},municipal,MA,#panic()\n"
    )
    body = (UNKIND.replace("{", "{{").replace("}", "}}") + "\n\n") * 30 + "{department} {contact}"
    (letter,) = written(towns, Text('#eval("1") {department}', body[-2990:].lstrip("}"))).values()
    assert pages(letters.together([letter], NOW)) == 1
    assert UNKIND in letter.words()
    assert "#panic()" in letter.words()


def test_the_same_letters_give_the_same_bytes(towns: Campaign) -> None:
    found = list(written(towns).values())
    assert letters.together(found, NOW) == letters.together(found, NOW)
    assert letters.bundle(found, "a@example.org", NOW, NOW)[:2] == b"PK"


# --- drafts and addresses -------------------------------------------------------------------------


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_zip_has_papers_drafts_and_addresses_and_says_who_has_none(towns: Campaign) -> None:
    found = list(written(towns).values())
    files = unpacked(letters.bundle(found, "One Mind <data@example.org>", NOW, NOW))
    rows = {row["department_id"]: row for row in csv.DictReader(io.StringIO(
        files["addresses.csv"].decode()))}  # fmt: skip
    assert rows.keys() == {"D1", "D2", "D3", "D4"}
    assert (rows["D2"]["email"], rows["D2"]["draft"]) == ("ask the desk", "")
    assert rows["D1"]["missing"] == "MHFA"
    assert {row["letter"] for row in rows.values()} <= files.keys()
    drafts = {name for name in files if name.endswith(".eml")}
    assert drafts == {row["draft"] for row in rows.values() if row["draft"]}
    draft = message_from_bytes(files[rows["D1"]["draft"]], policy=default)
    assert (draft["To"], draft["X-Unsent"]) == ("lee@example.org", "1")
    assert draft["From"] == "One Mind <data@example.org>"
    (attached,) = draft.iter_attachments()
    assert attached.get_content() == files[rows["D1"]["letter"]]


def test_departments_of_the_same_name_have_files_of_their_own(campaign: Publish) -> None:
    towns = campaign(departments="department_id,name,type,state\n"
                                 "D-1,Lee,municipal,MA\nD 1x,Lee,municipal,MA\n")  # fmt: skip
    files = unpacked(letters.bundle(list(written(towns).values()), "", NOW, NOW))
    assert sum(name.endswith(".pdf") for name in files) == 2


# --- by mail --------------------------------------------------------------------------------------


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


def settings(box: Mailbox) -> Settings:
    return Settings(smtp=box.server(), mail_from="data@example.org")


def test_letters_are_sent_once_however_often_that_is_asked(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    found = list(written(towns).values())
    plan = letters.sending(appdb, found)
    assert (plan.phrase, [item.department_id for item in plan.nowhere]) == (
        "2 letters", ["D3", "D2"],
    )  # fmt: skip
    for _ in range(2):
        standing = letters.send(appdb, settings(box), found, "2 letters", BY, NOW, lambda: NOW)
    assert {name: message.state for name, message in standing.items()} == {
        "D1": "sent", "D4": "sent",
    }  # fmt: skip
    assert sorted(box.recipients) == ["lee@example.org", "stow@example.org"]
    logged = appdb.activity.events(("letter sent",))
    assert {event.subject for event in logged} == {"Lee Police (D1)", "Stow Police (D4)"}
    confirmed = appdb.activity.events(("letters confirmed",))
    assert (confirmed[-1].subject, confirmed[-1].actor) == ("2 letters", "ann")
    assert confirmed[-1].details["without address"] == 2


def test_an_overlapping_round_sends_what_is_new(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    some = list(written(towns, county=("Berkshire",)).values())
    letters.send(appdb, settings(box), some, "1 letter", BY, NOW, lambda: NOW)
    letters.send(appdb, settings(box), list(written(towns).values()), "2 letters", BY, NOW,
                 lambda: NOW)  # fmt: skip
    assert box.recipients == ["lee@example.org", "stow@example.org"]


def test_another_text_or_day_is_another_letter(
    towns: Campaign, appdb: AppDatabase, box: Mailbox
) -> None:
    for text in (SHIPPED, Text("Reminder", "Dear {contact}")):
        found = list(written(towns, text, county=("Berkshire",)).values())
        letters.send(appdb, settings(box), found, "1 letter", BY, NOW, lambda: NOW)
    assert [message["Subject"] for message in box.messages()] == [
        "Lee Police: where your pledge stands", "Reminder",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["", "yes", "4 letters", "2"])
def test_nothing_is_sent_unless_the_number_is_typed(
    towns: Campaign, appdb: AppDatabase, box: Mailbox, typed: str
) -> None:
    found = list(written(towns).values())
    with pytest.raises(WrongUse, match=r"Nothing was sent. To send 2 letters, type '2 letters'"):
        letters.send(appdb, settings(box), found, typed, BY, NOW, lambda: NOW)
    assert appdb.outbox.all() == []
    assert box.said == {}


def test_letters_of_the_sample_are_not_sent(sample: Campaign, box: Mailbox, tmp_path: Path) -> None:
    found = list(written(sample, county=("Dukes",)).values())
    with closing(AppDatabase(tmp_path)) as appdb:
        phrase = letters.sending(appdb, found).phrase
        with pytest.raises(NotPossibleNow, match="Its figures are made up"):
            letters.send(appdb, settings(box), found, phrase, BY, NOW, lambda: NOW)


def test_without_a_mail_server_nothing_is_put_into_the_outbox(
    towns: Campaign, appdb: AppDatabase
) -> None:
    with pytest.raises(NotPossibleNow, match="No mail server is set"):
        letters.queue(appdb, Settings(), list(written(towns).values()), "2 letters", BY, NOW, NOW)
    assert appdb.outbox.all() == []


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def command(
    towns: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., tuple[int, str]]:
    shutil.copytree(towns.folder / "store", tmp_path / "store")
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["letters", *words])
        answer = capsys.readouterr()
        return code, answer.out + answer.err

    return run


def test_the_command_names_each_department_without_an_address(
    command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    code, says = command("--where", "stage=overdue", "-o", str(tmp_path / "x.pdf"))
    assert code == 0
    assert f"2 letters written to {tmp_path / 'x.pdf'}." in says
    assert "1 department without a usable email address: Ayer Police (ask the desk)." in says
    assert pages((tmp_path / "x.pdf").read_bytes()) == 2
    found = json.loads(command("--json")[1])
    assert found["without_address"] == ["D3", "D2"]
    assert found["to_confirm"] == "2 letters"


def test_the_command_sends_after_the_number_is_given(
    command: Callable[..., tuple[int, str]], box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("--send", "2 letters") == (
        3, "No mail server is set, so nothing was sent. Set ONEMIND_SMTP and ONEMIND_MAIL_FROM, "
        "or write files instead.\n",
    )  # fmt: skip
    monkeypatch.setenv("ONEMIND_SMTP", f"smtp://127.0.0.1:{box.port}?tls=none")
    monkeypatch.setenv("ONEMIND_MAIL_FROM", "data@example.org")
    assert command("--send", "3 letters")[0] == 2
    assert box.recipients == []
    box.at_rcpt["stow@example.org"] = "550 No such user"
    code, says = command("--send", "2 letters", "--author", "ann")
    assert code == 1
    assert "sent  Lee Police  lee@example.org  250 OK" in says
    assert "failed  Stow Police  stow@example.org  550 No such user" in says
    assert box.recipients == ["lee@example.org"]


def test_the_command_takes_a_text_and_shows_it(
    command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    file = tmp_path / "text.txt"
    file.write_text("Hello {department}\n\nDear {contact},\n", encoding="utf-8")
    assert command("--text", str(file), "--show-text")[1].startswith(
        "Hello {department}\n\nDear {contact},\n\n{department}: the department's name"
    )
    file.write_text("Hello\n{nobody}", encoding="utf-8")
    code, says = command("--text", str(file))
    assert (code, "There is no field {nobody}" in says) == (2, True)
    assert command("-o", str(tmp_path / "x.doc"))[0] == 2
