"""Files that name officers are told apart before they are kept, and become pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from onemind import publishing
from onemind.ingest import CheckFailed, Upload
from tests.conftest import TODAY, Campaign, campaigning

TOWN = "department_id,name,type,municipality,state\nA,Avon Police Department,municipal,Avon,MA\n"
OPTIONS = publishing.Options(TODAY)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with campaigning(tmp_path_factory.mktemp("naming")) as found:
        found.publish(departments=TOWN)
        yield found


NAMING = {
    "a name for an id": "Dept ID,Name,Course,Date\nA,Jane Doe,MHFA,2024-03-04\n",
    "names in the column of ids": "Dept ID,Officer,Course,Date\nA,Jane Doe,MHFA,2024-03-04\n",
    "e-mail addresses": "Dept ID,Email,Course,Date\nA,jane@example.org,MHFA,2024-03-04\n",
    "names beside badges": "Dept,Badge,First Name,Last Name,Course,Date\nA,7,J,D,MHFA,\n",
    "a course a column": "Dept ID,Officer Name,MHFA,CIT\nA,Jane Doe,2024-03-04,\n",
    "unknown headers": "Unit,First Name,Last Name,Class\nA,Jane,Doe,MHFA\n",
}
PLAIN = {
    "badges": "Dept ID,Officer,Course,Date\nA,4711,MHFA,2024-03-04\n",
    "departments": TOWN,
    "partners": "partner_id,name,kind,contact_email\n1,NAMI,nonprofit,a@example.org\n",
    "unknown": "Name,Phone\nAvon Police,1\n",
    "not a table": "",
}


def named(town: Campaign, content: bytes, name: str = "a.csv") -> tuple[str, ...]:
    with publishing.held([(name, content)]) as uploads:
        return publishing.naming(town.store, uploads, OPTIONS)


def replaced(town: Campaign, content: bytes, name: str = "a.csv") -> list[tuple[str, bytes]]:
    with publishing.held([(name, content)]) as uploads:
        return publishing.nameless(town.store, uploads, OPTIONS)


@pytest.mark.parametrize("text", NAMING.values(), ids=NAMING)
def test_a_file_that_names_officers_is_told(town: Campaign, text: str) -> None:
    assert named(town, text.encode()) == ("a.csv",)


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_file_that_does_not_is_left_alone(town: Campaign, text: str) -> None:
    assert named(town, text.encode()) == ()
    if text:
        assert replaced(town, text.encode()) == [("a.csv", text.encode())]


@pytest.mark.parametrize(
    "text", [text for what, text in NAMING.items() if what != "unknown headers"]
)
def test_no_name_is_in_what_is_kept_of_it(town: Campaign, text: str) -> None:
    [(name, content)] = replaced(town, text.encode())
    assert name == "a.csv"
    assert b"jane" not in content.lower() and b"doe" not in content.lower()
    assert content.splitlines()[1].startswith((b"P-", b"7,"))


def test_what_is_looked_at_is_gone_afterwards(town: Campaign) -> None:
    with publishing.held([("a.csv", b"x")]) as [upload]:
        path = upload.path
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.exists()


def book(path: Path, *, hides: bool) -> bytes:
    with xlsxwriter.Workbook(str(path)) as made:
        for title, rows in {"Training": ["Jane Doe", "Richard Roe"], "Badges": ["4711"]}.items():
            sheet = made.add_worksheet(title)
            sheet.write_row(0, 0, ["Dept ID", "Officer", "Course", "Date"])
            for number, officer in enumerate(rows, 1):
                sheet.write_row(number, 0, ["A", officer, "MHFA", "2024-03-04"])
            if hides:
                sheet.set_row(1, None, None, {"hidden": True})
    return path.read_bytes()


def test_each_sheet_of_a_workbook_becomes_a_file(town: Campaign, tmp_path: Path) -> None:
    content = book(tmp_path / "a.xlsx", hides=False)
    assert named(town, content, "a.xlsx") == ("a.xlsx, sheet Training",)
    files = dict(replaced(town, content, "a.xlsx"))
    assert list(files) == ["a.xlsx, sheet Training.csv", "a.xlsx, sheet Badges.csv"]
    assert files["a.xlsx, sheet Training.csv"].count(b"P-") == 2
    assert b"4711" in files["a.xlsx, sheet Badges.csv"]


def test_hidden_rows_are_asked_about_before_names_are_replaced(town: Campaign, tmp_path: Path):
    with pytest.raises(CheckFailed, match="names officers and hides 1 row"):
        replaced(town, book(tmp_path / "a.xlsx", hides=True), "a.xlsx")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dept ID,Name,Course,Date\nZ,Jane Doe,MHFA,2024-03-04\n", "is not known yet"),
        ("Name,Course,Date\nJane Doe,MHFA,2024-03-04\n", "has no column for the department"),
    ],
)
def test_a_department_that_is_not_known_is_said(town: Campaign, text: str, said: str) -> None:
    with pytest.raises(CheckFailed, match=said):
        replaced(town, text.encode())


def test_a_file_with_names_beside_badges_is_not_kept_as_it_came(town: Campaign) -> None:
    path = town.folder / "b.csv"
    path.write_text("Dept ID,Badge,Last Name,Course,Date\nA,7,Doe,MHFA,2024-03-04\n")
    version, _ = publishing.publish(town.store, [Upload(path, "b.csv")], OPTIONS, "tester", "b")
    assert version.originals == ()
