"""Names become pseudonyms: the same for the same person, of no use without the secret."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest

from onemind import metrics, publishing
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.errors import NotPossibleNow
from onemind.ingest import CheckFailed, persons
from onemind.ingest.readings.pseudonyms import is_name, normal, pseudonym
from tests.conftest import Campaign

TOWN = "department_id,name,type,municipality,state\nA,Avon Police Department,municipal,Avon,MA\n"
FIRST = (
    "Department,Last Name,First Name,Course,Date\nA,Doe,Jane,MHFA,2024-03-04\n"
    "Avon PD,Roe,Richard,MHFA,2024-03-04\nAvon PD,Doe,Jane,CIT,2024-03-04\n"
)
SECOND = 'Dept ID,Officer,Course,Date\nA,"Sgt. DOE, JANE",CIT,2024-04-04\nA,4711,CIT,2024-04-04\n'


@pytest.fixture
def town(empty: Campaign) -> Campaign:
    empty.publish(departments=TOWN)
    return empty


def officers(campaign: Campaign) -> dict[tuple[str, str], str]:
    rows = metrics.export.dataset(campaign.store, "training").records()
    return {(row["course"], f"{row['completed_on']}"): row["officer_id"] for row in rows}


def all_bytes(campaign: Campaign) -> bytes:
    folder = campaign.store.settings.store
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_same_person_gets_the_same_pseudonym_in_the_next_file(town: Campaign) -> None:
    town.publish(training=FIRST, pseudonyms=True)
    town.publish(training=SECOND, pseudonyms=True)
    rows = metrics.export.dataset(town.store, "training").records()
    jane = {row["officer_id"] for row in rows if row["course"] == "CIT"} - {"4711"}
    assert len(jane) == 1
    assert re.fullmatch(r"P-[A-Z2-7]{16}", jane.pop())
    assert len({row["officer_id"] for row in rows}) == 3


def test_no_name_is_kept_anywhere_not_even_in_the_original(town: Campaign) -> None:
    town.publish(training=FIRST, pseudonyms=True)
    kept = all_bytes(town).lower()
    assert b"jane" not in kept and b"richard" not in kept
    assert town.store.versions()[-1].originals == ()


def test_without_being_asked_for_names_are_refused(town: Campaign) -> None:
    assert {item.code for item in town.check(training=FIRST).errors} == {"missing-label"}
    assert {item.code for item in town.check(training=SECOND).errors} == {"personal-id"}


def test_a_department_that_is_not_known_comes_first(town: Campaign) -> None:
    text = FIRST.replace("Avon PD", "Bolton PD")
    [problem] = town.check(training=text, pseudonyms=True).problems
    assert (problem.code, problem.row) == ("pseudonym", 3)
    assert "publish the departments first (2 rows)" in problem.message
    with pytest.raises(CheckFailed):
        town.publish(training=text, pseudonyms=True)


def test_two_alike_on_a_roster_are_asked_about_unless_a_date_parts_them(town: Campaign) -> None:
    roster = "Department,Officer Name,Sworn,Hire Date\nA,Jane Doe,yes,{0}\nA,Jane Doe,yes,{1}\n"
    same = town.check(officers=roster.format("2001-01-01", "2001-01-01"), pseudonyms=True)
    assert [(item.code, item.row) for item in same.errors] == [("alike", 3)]
    two = town.check(officers=roster.format("2001-01-01", "2009-01-01"), pseudonyms=True)
    assert two.errors == []
    assert two.deltas[0].diff.added == 2


def test_certificates_of_one_person_are_no_repeat(town: Campaign) -> None:
    made = town.check(training=FIRST + "A,Doe,Jane,MHFA,2024-03-04\n", pseudonyms=True)
    assert [item.code for item in made.problems] == ["read-as", "repeat"]


def test_the_numbers_of_rows_stay_the_reader_s_own(town: Campaign) -> None:
    text = "Training of March\n\n" + FIRST.replace("CIT,2024-03-04", "CIT,soon")
    made = town.check(training=text, pseudonyms=True)
    assert [(item.code, item.row) for item in made.errors] == [("type-error", 6)]


def test_a_course_a_column_with_names(town: Campaign) -> None:
    text = "Department,Name,MHFA,CIT\nA,Jane Doe,3/14/2024,\nA,Richard Roe,,3/15/2024\n"
    town.publish(training=text, pseudonyms=True)
    assert set(officers(town)) == {("MHFA", "2024-03-14"), ("CIT", "2024-03-15")}


@pytest.mark.parametrize(
    "name", ["Jane Doe", "DOE, JANE", "doe,  jane", "Ofc. Jane Doe", "Jané Doe", "Sgt Jane Doe"]
)
def test_one_person_however_the_name_is_written(name: str) -> None:
    assert normal(name) == "jane doe"


def test_a_pseudonym_depends_on_all_that_tells_people_apart() -> None:
    made = {
        pseudonym(secret, name, department, born)
        for secret in (b"1", b"2")
        for name in ("Jane Doe", "Jan Doe")
        for department in ("A", "B")
        for born in ("", "20010101")
    }
    assert len(made) == 16


@pytest.mark.parametrize(
    ("text", "named"),
    [("Jane Doe", True), ("Doe, Jane", True), ("jane@example.org", True), ("O'Neil Mary-Ann", True),
     ("4711", False), ("B-12", False), ("Smith", False), ("Unit 7", False), ("", False)],
)  # fmt: skip
def test_what_is_a_name(text: str, named: bool) -> None:
    assert is_name(text) is named


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (("Department", "Last Name", "First Name", "Course"), (1, 2)),
        (("Dept ID", "Student", "Course"), (1,)),
        (("Dept ID", "E-mail", "Course"), ()),
    ],
)
def test_columns_that_name_somebody_are_found(header: tuple[str, ...], names: Any) -> None:
    who = persons(header)
    assert who is not None
    assert who.names == names


def test_a_header_that_names_nobody_has_no_persons() -> None:
    assert persons(("Department Name", "MHFA", "CIT")) is None


def test_the_secret_is_made_once_and_only_put_back_into_a_store_without_one(
    town: Campaign, tmp_path
) -> None:
    with closing(AppDatabase(town.store.settings.store)) as appdb:
        secret = appdb.secrets.get(PSEUDONYMS)
        assert secret == appdb.secrets.get(PSEUDONYMS)
        assert len(secret) == 32
        appdb.secrets.put(PSEUDONYMS, secret)
        with pytest.raises(NotPossibleNow, match="another secret"):
            appdb.secrets.put(PSEUDONYMS, b"x" * 32)
    with closing(AppDatabase(tmp_path / "other")) as other:
        other.secrets.put(PSEUDONYMS, secret)
        assert other.secrets.get(PSEUDONYMS) == secret


def test_what_practice_shows_is_never_published(sample: Campaign) -> None:
    before = sample.store.versions()
    text = "department_id,officer_id,course,completed_on\nMA0020100,x1,MHFA,2024-03-04\n"
    known = metrics.export.dataset(sample.store, "departments").rows[0][0]
    made = sample.check(training=text.replace("MA0020100", known), practice=True)
    assert (made.errors, made.drops_sample) == ([], False)
    assert [diff.added for diff in made.diffs] == [1]
    with pytest.raises(NotPossibleNow, match="Practice keeps nothing"):
        publishing.publish(
            sample.store, sample.uploads(training=text.replace("MA0020100", known)),
            sample.options(practice=True), "x", "y",
        )  # fmt: skip
    assert sample.store.versions() == before
