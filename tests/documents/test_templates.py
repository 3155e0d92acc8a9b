"""Templates: their columns are the contracts', they help to fill themselves in, and come back."""

import io
import re
import zipfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import load_workbook

from onemind import documents, geography, ingest, publishing
from onemind.campaign import DATASETS, Rules, contract, contracts, load_rules
from onemind.campaign.rules import Course
from onemind.errors import WrongUse
from onemind.ingest import NOT_READ, tables
from onemind.settings import SAMPLE
from tests.conftest import campaigning

RULES = load_rules()
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Check = dict[str, str | None]


@cache
def template(dataset: str) -> bytes:
    """A dataset's workbook, or the one of them all."""
    return (
        documents.templates.everything(RULES)
        if dataset == "all"
        else documents.templates.as_xlsx(dataset, RULES)
    )


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Every sheet's cells as text."""
    with load_workbook(io.BytesIO(content)) as book:
        found = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {
            name: [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            for name, sheet in found.items()
        }


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def checks(content: bytes, number: int) -> dict[str, Check]:
    """What the cells below each header may hold, as the spreadsheet program is told it."""
    tree = ElementTree.fromstring(part(content, f"xl/worksheets/sheet{number}.xml"))
    found = {}
    for item in tree.iter(f"{MAIN}dataValidation"):
        first, last = item.attrib["sqref"].split(":")
        assert (first[-1:], last[1:]) == ("2", "1048576")
        limits = {limit.tag.removeprefix(MAIN): limit.text for limit in item}
        found[first[:-1]] = {**item.attrib, **limits}
    return found


def explained(dataset: str) -> dict[str, list[str]]:
    """What is said about each column and each word of a list, by the first cell."""
    return {row[0]: row for row in reversed(sheets(template(dataset))["Explanations"])}


def cell_format(dataset: str, column: str) -> str:
    """How a column's cells are shown: a format, or the number of one that all programs know."""
    sheet = part(template(dataset), "xl/worksheets/sheet1.xml")
    styles = part(template(dataset), "xl/styles.xml")
    place = contract(dataset).columns.index(column) + 1
    [(_, _, style)] = [
        item
        for item in re.findall(r'<col min="(\d+)" max="(\d+)" [^>]*style="(\d+)"', sheet)
        if int(item[0]) <= place <= int(item[1])
    ]
    number: str = re.findall(r'<xf numFmtId="(\d+)"', styles)[1:][int(style)]
    formats: dict[str, str] = dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    return formats.get(number, number)


def check_of(dataset: str, column: str) -> Check:
    place = contract(dataset).columns.index(column)
    return checks(template(dataset), 1).get("ABCDEFGHIJKLMNOPQRST"[place], {})


def listed(content: bytes, check: Check) -> list[str]:
    """The words a drop-down offers."""
    found = re.fullmatch(r"Explanations!\$A\$(\d+):\$A\$(\d+)", check["formula1"] or "")
    assert found
    start, end = map(int, found.groups())
    return [row[0] for row in sheets(content)["Explanations"][start - 1 : end]]


def filled(content: bytes, rows: dict[int, list[dict[str, str]]]) -> bytes:
    """The workbook with rows written below the header of its sheets, as a person would."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for number, written in rows.items():
                if name == f"xl/worksheets/sheet{number}.xml":
                    text = text.replace(b"</sheetData>", lines(written).encode() + b"</sheetData>")
            new.writestr(name, text)
    return target.getvalue()


def lines(rows: list[dict[str, str]]) -> str:
    found = []
    for number, row in enumerate(rows, 2):
        cells = (
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            for place, value in enumerate(row.values())
        )
        found.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(found)


# --- what is in them ------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_csv_is_the_header_of_the_contract(dataset: str) -> None:
    assert documents.templates.as_csv(dataset) == ",".join(contract(dataset).columns) + "\n"


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_workbook_has_the_columns_of_the_contract_and_explains_them(dataset: str) -> None:
    found = sheets(template(dataset))
    assert list(found) == [dataset, "Explanations"]
    assert found[dataset] == [list(contract(dataset).columns)]
    assert found["Explanations"][0][0] == NOT_READ


def test_one_workbook_holds_everything() -> None:
    found = sheets(template("all"))
    explained = found.pop("Explanations")
    assert found == {name: [list(parsed.columns)] for name, parsed in contracts().items()}
    titles = {row[0] for row in explained}
    assert {f"{parsed.title} (sheet {name})" for name, parsed in contracts().items()} <= titles


def test_there_is_no_template_of_what_is_no_dataset() -> None:
    for make in (documents.templates.as_csv, lambda name: documents.templates.as_xlsx(name, RULES)):
        with pytest.raises(WrongUse, match="Unknown dataset 'badges'"):
            make("badges")


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_is_explained(dataset: str) -> None:
    said = explained(dataset)
    for field in contract(dataset).fields:
        _, title, description, kind, unit, must, allowed, blank, also = said[field.name]
        assert (title, description, unit) == (field.title, field.description, field.unit)
        assert must == ("yes" if field.required else "no")
        assert blank == ("is refused" if field.required else field.default or "unknown")
        assert set(also.split(", ")) <= {"", *field.aliases}
        assert bool(also) == bool(field.aliases)
        assert kind
        assert bool(allowed) == bool(field.enum or field.vocabulary or field.type == "boolean")


def test_explanations_say_what_a_column_takes() -> None:
    said = explained("departments")
    assert said["latitude"][3:5] == ["number, -90 to 90", "degrees"]
    assert said["population"][3] == "whole number, 0 to 1,000,000,000"
    assert said["name"][3] == "text, at most 200 characters"
    assert said["country"][7] == "US"
    assert said["state"][6].startswith("AL, AK, ")
    assert said["state"][6].endswith("see the list 'states' below")
    assert said["municipal"][1].startswith("city, town, ")
    assert said["MA"][2] == "Massachusetts"


def test_a_header_says_what_its_column_holds_and_whether_it_must_be_filled() -> None:
    notes = part(template("training"), "xl/comments1.xml")
    for field in contract("training").fields:
        assert field.description.replace('"', "&quot;") in notes
    assert notes.count("Required in every row.") == 4
    sheet = part(template("training"), "xl/worksheets/sheet1.xml")
    styles = dict(re.findall(r'<c r="([A-H])1" s="(\d+)"', sheet))
    must = {styles[letter] for letter in "ABCD"}
    may = {styles[letter] for letter in "EFGH"}
    assert len(must) == len(may) == 1
    assert must != may


def test_the_header_stays_in_sight() -> None:
    sheet = part(template("training"), "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet


def test_a_month_alone_is_explained_where_it_matters() -> None:
    notes = part(template("pledges"), "xl/comments1.xml")
    assert notes.count("write its first day, and say so under precision.") == 1
    assert notes.count("write its first day") == 5


# --- how they help --------------------------------------------------------------------------------


def test_a_column_of_choices_has_a_drop_down() -> None:
    offered = {
        ("departments", "type"): list(contract("departments").field("type").enum),
        ("departments", "state"): list(geography.states()),
        ("partners", "kind"): list(contract("partners").field("kind").enum),
        ("pledges", "edition"): [item.id for item in RULES.editions],
        ("training", "course"): [item.id for item in RULES.courses],
        ("feedback", "course"): [item.id for item in RULES.courses],
        ("officers", "sworn"): ["yes", "no"],
    }
    for (dataset, column), words in offered.items():
        check = check_of(dataset, column)
        assert check["type"] == "list"
        assert listed(template(dataset), check) == words


def test_every_choice_has_its_drop_down_in_the_workbook_of_everything() -> None:
    for number, (name, parsed) in enumerate(contracts().items(), 1):
        whole, alone = checks(template("all"), number), checks(template(name), 1)
        assert whole.keys() == alone.keys()
        for letter, check in whole.items():
            field = parsed.fields[ord(letter) - 65]
            is_choice = bool(field.enum or field.vocabulary or field.type == "boolean")
            assert (check["type"] == "list") == is_choice
            if is_choice:
                assert listed(template("all"), check) == listed(template(name), alone[letter])


def test_states_abroad_may_be_written_and_other_lists_are_closed() -> None:
    assert check_of("departments", "state")["errorStyle"] == "warning"
    assert "errorStyle" not in check_of("departments", "type")


def test_a_list_of_any_length_has_its_drop_down() -> None:
    many = tuple(
        Course(f"EQ-{number}, day {number}", "An equivalent", "mhfa", "2016", None, None, ())
        for number in range(300)
    )
    own = Rules(
        RULES.editions, many, RULES.practices, RULES.campaign, RULES.launched_on, RULES.spans
    )
    content = documents.templates.as_xlsx("training", own)
    assert listed(content, checks(content, 1)["C"]) == [course.id for course in many]


def test_dates_are_checked_and_a_year_alone_is_not_taken_for_one() -> None:
    check = check_of("training", "completed_on")
    first, last = (
        date(1899, 12, 30) + timedelta(int(check[name] or 0)) for name in ("formula1", "formula2")
    )
    assert check["type"] == "date"
    assert first > date(1899, 12, 30) + timedelta(2099)
    assert (first.year, last) == (1910, date(2099, 12, 31))
    assert cell_format("training", "completed_on") == "yyyy-mm-dd"


def test_numbers_and_texts_are_checked() -> None:
    calls = check_of("outcomes", "mh_calls")
    assert (calls["type"], calls["formula1"], calls["formula2"]) == ("whole", "0", "1000000000")
    latitude = check_of("departments", "latitude")
    assert (latitude["type"], latitude["formula1"], latitude["formula2"]) == (
        "decimal",
        "-90",
        "90",
    )
    name = check_of("departments", "name")
    assert (name["type"], name["operator"], name["formula1"]) == (
        "textLength", "lessThanOrEqual", "200",
    )  # fmt: skip


def test_ids_and_words_are_cells_of_text() -> None:
    text = "49"
    assert cell_format("training", "officer_id") == text
    assert cell_format("pledges", "edition") == text
    assert cell_format("training", "hours") == "0"


# --- how they come back ---------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_filled_template_is_recognized(tmp_path: Path, dataset: str) -> None:
    given = dict.fromkeys(contract(dataset).columns, "x")
    path = tmp_path / "from a town.xlsx"
    path.write_bytes(filled(template(dataset), {1: [given]}))
    [table] = tables(path, path.name, tmp_path, 1 << 20)
    source = ingest.read(table.path, table.name, tmp_path, 1 << 20)
    found = ingest.match(source)
    assert (table.name, found.dataset, found.warnings) == (path.name, dataset, ())
    assert found.columns == {name: place for place, name in enumerate(contract(dataset).columns)}


def test_the_workbook_of_everything_may_be_filled_in_part(tmp_path: Path) -> None:
    town = {"department_id": "00123", "name": "Acton", "type": "municipal"}
    town |= {"municipality": "", "county": "", "state": "MA"}
    certificate = {"department_id": "00123", "officer_id": "P-1", "course": "MHFA"}
    certificate |= {"completed_on": "2024-05-06"}
    path = tmp_path / "everything.xlsx"
    path.write_bytes(filled(template("all"), {1: [town], 4: [certificate, certificate]}))
    upload = ingest.Upload(path, path.name)
    with (
        campaigning(tmp_path) as campaign,
        publishing.draft(campaign.store, [upload], campaign.options()) as (made, _),
    ):
        [twice] = made.problems
    assert (twice.file, twice.row, twice.code) == (
        "everything.xlsx, sheet training", 3, "repeat",
    )  # fmt: skip


def test_the_sample_fits_the_templates() -> None:
    for dataset in DATASETS:
        with (SAMPLE / f"{dataset}.csv").open(encoding="utf-8") as file:
            assert file.readline() == documents.templates.as_csv(dataset)


def test_the_same_rules_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert documents.templates.as_xlsx("training", RULES) == template("training")
    assert documents.templates.everything(RULES) == template("all")
    with zipfile.ZipFile(io.BytesIO(template("all"))) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}
    assert ">2016-10-01T00:00:00Z<" in part(template("all"), "docProps/core.xml")
