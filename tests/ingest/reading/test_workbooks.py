"""Workbooks: what tables they hold, row for row, and how the unsound are refused."""

import csv
import datetime as dt
import struct
import sys
import zipfile
import zlib
from base64 import b85decode
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from onemind import ingest, publishing
from onemind.ingest import NOT_READ, CheckFailed, Table, tables
from onemind.ingest.reading import cells as ingest_cells
from onemind.ingest.reading import workbooks
from tests.conftest import campaigning

MB = 1_000_000
HEAD = ["department_id", "officer_id", "course", "completed_on"]
ROW = ["D1", 17, "CIT", dt.date(2024, 5, 6)]
READ = [HEAD, ["D1", "17", "CIT", "2024-05-06"]]
Rows = list[list[Any]]

# HEAD and ROW in a sheet "Old", as Excel 97 saved it (written by xlwt 1.3.0, packed).
XLS = zlib.decompress(
    b85decode(
        "c-rk)O=uHA6#iy6X@1OaO@&q{p<vb83dM_;HdSM*htw*9KL{~Rwh)>oVT}hpXtm}j2%Z!#g?i9K)r&vqK@Wllp`r"
        "(&AS8P9Bq(@jv%Y!Rl(Z@|poQvwVcxuXZ{C}inRzq2`(`d!ntsq$#tQU9Ma6KTsZJ)SxN406NN*UDt<_E{hJ|$nm"
        "y;H<$&RPq*ABUca=pt?aNqWVDDaWWDdaJn%WB~@#9odeA!H1FL<Me<#D`Xns+nn$=|-maxaTvb11!19w2%6h#7WF"
        "WhP!r~yZE@$!8#wL-$!gS&yrrW;Fa9P7q5wGUpw~b=|pCoDcWrw%zzejNXu%vZ2NH=Zr}u=Cl>38MoS3MV$a~45e"
        "B~2vif=0lCP~?faKqo%N@UwJ82PD%C9RnU=qe@PLd)vV5d!LR2<5r7I1(wS{5&m(((ztFrj4&@pOuILvCy=oz!${"
        "P={phtbRuGNM<6R(F$5Bp372FM0-_W-@&79dHVBd5m<IwcsYwaL{soHALLvLP`C?szPyc%jzr=tndBRydXH?8VZ*"
        ">BX+g$5)+kJ+ri=L<OfR$7&CItk4beuYx^tw(WCo|W&lT2o(m1;q?;>04_-(`&KOcVFUi=i<PW<dp`Fv>hePkLPb"
        "g!kzUjC-gExN_c8xl_<wOW{G&IhKgKb=2LC1A#Gn3ts=i!$Q~L8jG~oE@>$Qp~xkwp41VrZ4deUxIzf*}0&&Io2Q"
        "sO>4ov>`OY8;=TJ)LBG<BhdiwVbvL;i7A#n>V8Ma~3l{!Q2=l31HJ`if=2N}H{I0V|rDA<1`DbwiIr<gorE)*ARO"
        ">j`(Eiy3yQujRtF)<oFO)b&qw5&QD9170@cyN@GEx73R&5ygb1Bs5_?1TD{LAD20QWZDss"
    )
)
ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)


def xlsx(path: Path, **sheets: Rows) -> Path:
    """Write a workbook: sheets by name, rows of cells from A1 on; None leaves a cell out."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, place, value)
    return path


def ods(path: Path, lines: str = "", secret: str = "") -> Path:
    """Write HEAD and ROW, or other lines, as LibreOffice does, as far as a reader looks."""
    row = ("D1", 'float" office:value="17', "CIT", 'date" office:date-value="2024-05-06')
    cells = [ods_cell(value) for value in (*HEAD, *row)]
    rest = ods_line('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_574)
    lines = lines or ods_line("".join(cells[:4])) + ods_line("".join(cells[4:])) + rest
    table = f'<table:table table:name="New">{lines}</table:table>'
    sheet = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    entry = f'<manifest:file-entry manifest:full-path="content.xml">{secret}</manifest:file-entry>'
    members = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f"<manifest:manifest {ODS_NAMES}>{entry}</manifest:manifest>",
        "content.xml": f"<office:document-content {ODS_NAMES}>{sheet}</office:document-content>",
    }
    return zipped(path, **members)


def ods_cell(value: str, many: int = 1) -> str:
    """A cell of text; or of another type, as 'type" office:value="…'."""
    kind = value if "=" in value else "string"
    text = "" if "=" in value else f"<text:p>{value}</text:p>"
    repeated = f'table:number-columns-repeated="{many}"'
    return f'<table:table-cell {repeated} office:value-type="{kind}">{text}</table:table-cell>'


def ods_line(cells: str, many: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{many}">{cells}</table:table-row>'


def zipped(path: Path, **members: str | bytes) -> Path:
    """Write an archive; a name may be any text: zipped(path, **{"a/b.csv": "…"})."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def opened(path: Path, max_size: int = 50 * MB) -> list[Table]:
    workdir = path.parent / "work"
    workdir.mkdir(exist_ok=True)
    return tables(path, path.name, workdir, max_size)


def rows(table: Table) -> list[list[str]]:
    with table.path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def read(path: Path) -> list[list[str]]:
    """The rows of a file that holds one table."""
    [table] = opened(path)
    return rows(table)


def refusals(path: Path, max_size: int = 50 * MB) -> list[tuple[str, str, str]]:
    """File, code and sentence of each fault with which a file is refused."""
    with pytest.raises(CheckFailed) as refused:
        opened(path, max_size)
    return [(item.file, item.code, item.message) for item in refused.value.problems]


def refusal(path: Path, max_size: int = 50 * MB) -> tuple[str, str]:
    """Code and sentence of the one fault; the sentence names the file and what to do."""
    [(file, code, message)] = refusals(path, max_size)
    assert file == path.name
    assert path.name in message
    assert message.count(". ") >= 1
    return code, message


# --- which tables ---------------------------------------------------------------------------------


def test_a_workbook_of_one_sheet_goes_by_its_own_name(tmp_path: Path) -> None:
    [table] = opened(xlsx(tmp_path / "book.xlsx", Training=[HEAD, ROW], Sheet2=[], Sheet3=[]))
    assert (table.name, table.sheet) == ("book.xlsx", "Training")
    assert rows(table) == READ


def test_each_sheet_that_is_not_blank_is_a_table(tmp_path: Path) -> None:
    found = opened(xlsx(tmp_path / "book.xlsx", Training=[HEAD, ROW], Blank=[], More=[["a"], [1]]))
    assert [table.name for table in found] == ["book.xlsx, sheet Training", "book.xlsx, sheet More"]
    assert [table.sheet for table in found] == ["Training", "More"]
    assert [rows(table) for table in found] == [READ, [["a"], ["1"]]]


def test_hidden_sheets_count_and_sheets_of_drawings_do_not(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        for hide in ("hide", "very_hidden"):
            sheet = book.add_worksheet(hide)
            sheet.write_column("A1", ["a", 1])
            book.add_worksheet()
            getattr(sheet, hide)()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=hide!$A$2:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
    assert [table.sheet for table in opened(tmp_path / "book.xlsx")] == ["hide", "very_hidden"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_is_told_by_its_content(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "training.csv"
    made = {"xlsx": lambda: xlsx(path, Any=[HEAD, ROW]), "ods": lambda: ods(path)}
    made.get(kind, lambda: path.write_bytes(XLS))()
    assert read(path) == READ


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"%PDF-1.7", b"PK", b"\x1f\x8bgz"])
def test_what_is_neither_workbook_nor_archive_is_left_as_it_is(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert opened(path, max_size=1) == [Table(path, "book.xlsx")]
    assert opened(tmp_path / "gone.csv") == [Table(tmp_path / "gone.csv", "gone.csv")]


def test_a_sheet_of_a_header_alone_is_passed_over_beside_one_with_rows(tmp_path: Path) -> None:
    [table] = opened(xlsx(tmp_path / "book.xlsx", officers=[HEAD], training=[HEAD, ROW]))
    assert table.name == "book.xlsx, sheet training"
    [one, two] = opened(xlsx(tmp_path / "book.xlsx", officers=[HEAD], training=[HEAD]))
    assert [one.sheet, two.sheet] == ["officers", "training"]


def test_a_sheet_that_explains_is_passed_over(tmp_path: Path) -> None:
    notes = [[NOT_READ], [], ["Column", "Title"], ["course", "Course"]]
    [table] = opened(xlsx(tmp_path / "book.xlsx", Notes=notes, training=[HEAD, ROW]))
    assert (table.name, rows(table)) == ("book.xlsx", READ)


# --- row for row ----------------------------------------------------------------------------------


def test_rows_and_columns_stand_where_the_reader_sees_them(tmp_path: Path) -> None:
    book = [[], [], [None, None, "a", "b"], [], [None, None, 1, None, 2], [" "], [None] * 5 + [""]]
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as file:
        sheet = file.add_worksheet()
        for number, row in enumerate(book):
            sheet.write_row(number, 0, row)
        sheet.write_blank(20, 9, None, file.add_format({"bold": True}))
        sheet.write_string(15, 8, " \t ")
    blank = [""] * 5
    assert read(tmp_path / "book.xlsx") == [
        blank, blank, ["", "", "a", "b", ""], blank, ["", "", "1", "", "2"],
    ]  # fmt: skip


def test_a_blank_row_of_one_column_is_still_a_row(tmp_path: Path) -> None:
    [table] = opened(xlsx(tmp_path / "book.xlsx", A=[["a"], [], ["b"]]))
    assert table.path.read_bytes() == b'a\n""\nb\n'


def test_a_problem_is_told_in_the_row_of_the_sheet(tmp_path: Path) -> None:
    head = ["department_id", "name", "type", "state"]
    book = [head, ["A", "Acton\nTown", "city", "MA"], [], ["B", "Boxford", "castle", "MA"]]
    path = xlsx(tmp_path / "book.xlsx", Departments=book)
    upload = ingest.Upload(path, path.name)
    with (
        campaigning(tmp_path) as town,
        publishing.draft(town.store, [upload], town.options()) as (made, _),
    ):
        [problem] = made.errors
    assert (problem.file, problem.row, problem.column) == ("book.xlsx", 4, "type")


def test_a_sheet_of_full_height_is_read_to_its_last_row(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "tall.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write(1_048_575, 1, "last")
    [table] = opened(tmp_path / "tall.xlsx")
    content = table.path.read_bytes()
    assert content.count(b"\n") == 1_048_576
    assert content.endswith(b"\n,\n,last\n")


# --- cells ----------------------------------------------------------------------------------------

DAY = {"num_format": "yyyy-mm-dd hh:mm"}
SPAN = {"num_format": "[h]:mm"}
CELLS: list[tuple[Any, dict[str, str], str]] = [
    ("text", {}, "text"),
    ("0012", {}, "0012"),
    (" padded ", {}, " padded "),
    ('He said "yes", twice', {}, 'He said "yes", twice'),
    ("two\nlines", {}, "two\nlines"),
    ("two\r\nlines", {}, "two\nlines"),
    ("Café – €", {}, "Café – €"),
    (17, {}, "17"),
    (-0.0, {}, "0"),
    (6.5, {}, "6.5"),
    (0.07, {"num_format": "0 %"}, "0.07"),
    (999_999_999_999_999, {}, "999999999999999"),
    (1e15, {}, "1000000000000000.0"),
    (dt.date(2017, 9, 20), DAY, "2017-09-20"),
    (dt.datetime(2017, 9, 20), DAY, "2017-09-20"),
    (dt.datetime(2017, 9, 20, 14, 30, 5), DAY, "2017-09-20T14:30:05"),
    (dt.time(14, 30), DAY, "14:30:00"),
    (dt.timedelta(hours=40), SPAN, "40"),
    (dt.timedelta(hours=6, minutes=30), SPAN, "6.5"),
    (True, {}, "yes"),
    (False, {}, "no"),
]


def test_cells_become_text_as_people_write_it(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, (value, style, _) in enumerate(CELLS):
            sheet.write(number, 0, value, book.add_format(style))
    found = [row[0] for row in read(tmp_path / "book.xlsx")]
    assert found == [text for _, _, text in CELLS]


def test_formulas_give_their_value_and_their_errors_a_blank(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet = book.add_worksheet()
        values = [42, "MHFA", True, "#N/A", "#REF!", "#DIV/0!", ""]
        for place, value in enumerate(values):
            sheet.write_formula(0, place, "=A2", None, value)
        sheet.write(0, 9, "end")
    assert read(tmp_path / "book.xlsx") == [["42", "MHFA", "yes", *[""] * 6, "end"]]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(value: float) -> None:
    assert float(ingest_cells.text(value)) == value


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_whole_number_has_no_point(value: int) -> None:
    assert ingest_cells.text(float(value)) == str(value)


# --- workbooks that are refused -------------------------------------------------------------------


def locked(kind: str, path: Path) -> Path:
    """A workbook under a password, as far as a reader looks before it asks for the password."""
    if kind == "ods":
        return ods(path, secret='<manifest:encryption-data manifest:checksum="x"/>')
    content = bytearray(XLS)
    if kind == "xls":  # the record after the first says that all others are enciphered
        at = content.find(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
        content[at : at + 2] = b"\x2f\x00"
    else:  # Excel wraps what it enciphers into a file of the older kind
        name, stream = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
        at = content.find(name)
        content[at : at + len(stream)] = stream
        content[at + 64 : at + 66] = struct.pack("<H", len(stream) + 2)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["xls", "xlsx", "ods"])
def test_a_workbook_under_a_password_is_refused(tmp_path: Path, kind: str) -> None:
    code, message = refusal(locked(kind, tmp_path / f"book.{kind}"))
    assert code == "file-error"
    assert "is protected by a password. Save a copy without" in message


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    sound = xlsx(tmp_path / "sound.xlsx", A=[HEAD, ROW]).read_bytes()
    place = sound.find(b"xl/worksheets/sheet1.xml") + 40
    hurt = {
        "cut.xls": XLS[:2000],
        "junk.xls": XLS[:8] + b"junk" * 200,
        "letter.doc": XLS.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
        "cut.xlsx": sound[:3000],
        "hurt.xlsx": sound[:place] + bytes(60) + sound[place + 60 :],
    }
    for name, content in hurt.items():
        (tmp_path / name).write_bytes(content)
        code, message = refusal(tmp_path / name)
        assert code == "file-error"
        assert "damaged" in message
        assert "try again" in message


@pytest.mark.parametrize("sheets", [{"A": []}, {"A": [[" "], [None, "\t"]]}, {"A": [[NOT_READ]]}])
def test_a_workbook_without_a_table_is_refused(tmp_path: Path, sheets: dict[str, Rows]) -> None:
    code, message = refusal(xlsx(tmp_path / "book.xlsx", **sheets))
    assert code == "file-error"
    assert "is blank: it has no sheet with a table" in message


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
        ("Index/Document.iwa", "an Apple Numbers"),
        ("META-INF/manifest.xml", "an OpenDocument file, but no spreadsheet"),
    ],
)
def test_another_kind_of_document_is_named(tmp_path: Path, member: str, what: str) -> None:
    code, message = refusal(zipped(tmp_path / "letter.zip", **{member: "<a/>", "b.xml": "<b/>"}))
    assert code == "file-error"
    assert f"is {what}" in message


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not limited")
def test_a_stray_cell_far_away_costs_no_memory(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "wide.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "stray")
    ods(tmp_path / "wide.ods", ods_line(ods_cell("stray", 16_384), 1_048_576))
    for name in ("wide.xlsx", "wide.ods"):
        code, message = refusal(tmp_path / name)
        assert code == "size-error"
        assert "takes more memory than is allowed: often there is a stray cell" in message


def test_a_workbook_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "book.xlsx", A=[["x" * 30_000] for _ in range(40)])
    assert path.stat().st_size < 50_000
    assert "has 0 MB; at most 0 MB are accepted" in refusal(path, 1_000)[1]
    code, message = refusal(path, 1 * MB)
    assert code == "size-error"
    assert "hold more than 1 MB of text" in message


def test_a_workbook_that_takes_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "SECONDS", 0)
    code, message = refusal(xlsx(tmp_path / "book.xlsx", A=[HEAD, ROW]))
    assert code == "size-error"
    assert "takes longer than" in message
