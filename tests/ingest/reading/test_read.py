"""Files as people have them: any letters, line ends, delimiters; row numbers stay the reader's."""

import codecs
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from onemind import ingest, publishing
from onemind.ingest import CheckFailed
from onemind.ingest.reading import bytes as byte_reading
from tests.conftest import Campaign, campaigning

TEXT = "department_id,name,type,state\nC,Café Ñandú – “x” €,municipal,MA\nD,Dover,campus,ME\n"
NAMES = {"C": "Café Ñandú – “x” €", "D": "Dover"}
BAD = "department_id,name,type,state\nC,Cary,municipal,MA\n{}D,Dover,castle,ME\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """An empty store to check files against; nothing is published."""
    with campaigning(tmp_path_factory.mktemp("town")) as found:
        yield found


def names(made: publishing.Draft) -> dict[str, str]:
    """The departments that would be added, by id."""
    return {
        change.key["department_id"]: change.after["name"]
        for diff in made.diffs
        for change in diff.changes
    }


def problems(made: publishing.Draft) -> list[tuple[int | None, str | None, str]]:
    return [(item.row, item.column, item.code) for item in made.problems]


def refusal(path: Path, max_size: int = 1 << 20) -> tuple[str, str]:
    """The code and the sentence with which a file is refused as a whole."""
    with pytest.raises(CheckFailed) as refused:
        ingest.read(path, path.name, path.parent, max_size)
    [problem] = refused.value.problems
    assert (problem.file, problem.row) == (path.name, None)
    return problem.code, problem.message


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# --- letters, line ends, delimiters ---------------------------------------------------------------

ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 LE with BOM": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-16 BE with BOM": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_any_letters_with_any_line_ends_are_read(town: Campaign, encoding: str, newline: str):
    made = town.check(departments=ENCODINGS[encoding](TEXT.replace("\n", newline)))
    assert problems(made) == []
    assert names(made) == NAMES


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "|"])
@pytest.mark.parametrize("encoding", ["UTF-8 with BOM", "UTF-16 LE with BOM"])
def test_any_delimiter_is_found_from_the_header(town: Campaign, delimiter: str, encoding: str):
    text = TEXT.replace(",", delimiter)
    assert names(town.check(departments=ENCODINGS[encoding](text))) == NAMES


def test_a_delimiter_is_not_taken_from_inside_quotation_marks(town: Campaign):
    text = 'department_id;name;type;"state, or; province, if any";state\nC;"Cary; Inc., Ltd.";'
    made = town.check(departments=text + "campus;x;MA\n")
    assert names(made) == {"C": "Cary; Inc., Ltd."}
    assert problems(made) == [(1, "state, or; province, if any", "extra-label")]


def test_mixed_line_ends_are_read_row_for_row(town: Campaign):
    rows = ["department_id,name,type,state", "C,Cary,campus,MA", "D,D,campus,MA", "E,E,castle,MA"]
    made = town.check(departments="\r\n".join(rows[:2]) + "\n" + rows[2] + "\r" + rows[3])
    assert list(names(made)) == ["C", "D"]
    assert problems(made) == [(4, "type", "enum-error")]


def test_the_last_line_needs_no_line_end(town: Campaign):
    assert names(town.check(departments=TEXT.rstrip("\n"))) == NAMES


@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_lies_across_two_pieces_of_a_big_file_is_read_whole(
    town: Campaign, monkeypatch: pytest.MonkeyPatch, size: int
):
    monkeypatch.setattr(byte_reading, "CHUNK", size)
    text = BAD.format("\nE,É\u0301tienne,campus,MA\n")
    for newline in ("\n", "\r\n", "\r"):
        made = town.check(departments=text.replace("\n", newline))
        assert names(made) == {"C": "Cary", "E": "É\u0301tienne"}
        assert problems(made) == [(5, "type", "enum-error")]


# --- row numbers are the reader's -----------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(
    ("between", "row"),
    [
        ("", 3),
        ("\n", 4),
        ("\n\n\n", 6),
        (",,,\n", 4),
        (" , ,\t,\n", 4),
        ("   \n", 4),
        ('E,"two\nlines",campus,MA\n', 4),
        ('E,"two\n\nlines",campus,MA\n\n', 5),
        ('E,"an "" odd\nmark",campus,MA\n\n', 5),
    ],
    ids=repr,
)
def test_a_fault_is_found_at_the_readers_own_row(
    town: Campaign, newline: str, between: str, row: int
):
    made = town.check(departments=BAD.format(between).replace("\n", newline))
    assert problems(made) == [(row, "type", "enum-error")]


def test_a_quotation_mark_inside_a_cell_does_not_hide_blank_lines(town: Campaign):
    """A cell such as 5" pipe is no quoted cell: the blank line after it counts."""
    made = town.check(departments=BAD.format('E,The 5" pipe,campus,MA\n\n'))
    assert names(made)["E"] == 'The 5" pipe'
    assert problems(made) == [(5, "type", "enum-error")]


def test_a_quoted_newline_is_kept_and_its_blank_lines_too(town: Campaign):
    made = town.check(departments=BAD.format('E,"one\n\ntwo",campus,MA\n'))
    assert names(made)["E"] == "one\n\ntwo"


def test_blank_lines_at_the_end_are_nothing(town: Campaign):
    made = town.check(departments=TEXT + "\n\n  \n")
    assert (names(made), problems(made)) == (NAMES, [])


# --- bytes that are no text -----------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(
    ("before", "row"),
    [("", 3), ("\n", 4), ('E,"two\nlines",campus,MA\n', 4)],
    ids=["first", "after a blank line", "after a quoted newline"],
)
def test_a_nul_byte_is_left_out_and_its_row_named(
    town: Campaign, newline: str, before: str, row: int
):
    text = BAD.format(before).replace("Dover", "Do\0ver").replace("castle", "campus")
    made = town.check(departments=text.replace("\n", newline))
    assert names(made)["D"] == "Dover"
    assert problems(made) == [(row, None, "nul-byte")]
    assert made.problems[0].message.startswith(f"Row {row} holds a NUL byte")


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("cp1252") + b"E,\x81\x8d,campus,MA\n",
        codecs.BOM_UTF8 + TEXT.encode() + b"E,caf\xe9,campus,MA\n",
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\x00",
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be") + b"\xd8\x00\x00\n",
    ],
    ids=["not Windows-1252", "BOM but not UTF-8", "half a UTF-16 letter", "half a surrogate pair"],
)
def test_letters_that_can_not_be_read_are_refused_and_not_guessed(tmp_path: Path, content: bytes):
    code, message = refusal(written(tmp_path, "departments.csv", content))
    assert code == "encoding-error"
    assert "Save it as CSV UTF-8" in message


@pytest.mark.parametrize(
    "content", [b"department_id,nam\xc3", b"department_id,name,type,state\nC,x,campus,\xc3"]
)
def test_a_file_cut_off_within_a_letter_is_a_problem_and_no_crash(town: Campaign, content: bytes):
    assert town.check(departments=content).problems


# --- no CSV at all --------------------------------------------------------------------------------


def spreadsheet() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (spreadsheet(), "a spreadsheet or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old Excel workbook"),
        (gzip.compress(TEXT.encode()), "a gzip archive"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"{\\rtf1 text}", "a rich-text document"),
        (b"SQLite format 3\0" + b"\0" * 50, "an SQLite database"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_another_kind_of_file_named_csv_is_called_what_it_is(
    tmp_path: Path, content: bytes, says: str
):
    code, message = refusal(written(tmp_path, "departments.csv", content))
    assert code == "file-error"
    assert message == (
        f"The file departments.csv is {says}, not CSV text. Save it as CSV and try again."
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b" \r\n\t \r\n", codecs.BOM_UTF8, codecs.BOM_UTF8 + b" \n", b"\0\0\0"],
    ids=repr,
)
def test_an_empty_file_says_what_it_needs(tmp_path: Path, content: bytes):
    code, message = refusal(written(tmp_path, "departments.csv", content))
    assert code == "empty-file"
    assert "departments.csv is empty. It needs a header row" in message


def test_two_marks_of_an_empty_utf_16_file_are_an_empty_file(tmp_path: Path):
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        assert refusal(written(tmp_path, "departments.csv", mark))[0] == "empty-file"


@pytest.mark.parametrize("start", ["\n", ",,,\n", "  \n", "\n\n,,,\n"], ids=repr)
def test_blank_rows_above_the_header_are_passed_over_and_count(town: Campaign, start: str):
    made = town.check(departments=start + BAD.format(""))
    above = start.count("\n")
    assert problems(made) == [
        (above + 1, None, "header-row"),
        (above + 3, "type", "enum-error"),
    ]
    assert names(made) == {"C": "Cary"}


@pytest.mark.parametrize("rest", ["", "\n", ",,,\n , ,,\n", "\n\n\n"], ids=repr)
def test_a_header_without_rows_says_so(town: Campaign, rest: str):
    made = town.check(departments="department_id,name,type,state\n" + rest)
    assert problems(made) == [(None, None, "no-rows")]
    assert made.problems[0].message.startswith("departments.csv has a header but no rows.")


def test_a_file_too_large_says_how_large_it_may_be(tmp_path: Path):
    path = written(tmp_path, "departments.csv", TEXT.encode() * 40_000)
    code, message = refusal(path, 2_000_000)
    assert code == "size-error"
    assert "has 4 MB; at most 2 MB are accepted" in message
    assert ingest.read(path, path.name, tmp_path, path.stat().st_size).header[0]


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path):
    assert refusal(tmp_path / "no.csv") == (
        "file-error",
        "The file no.csv can't be opened: No such file or directory.",
    )
    assert refusal(tmp_path)[0] == "file-error"


def test_a_row_of_over_two_megabytes_is_named(town: Campaign):
    made = town.check(departments=BAD.format(f"E,{'x' * 2_100_000},campus,MA\n"))
    assert (3, None, "length") in problems(made)
    assert "Row 3 is over 2 MB long" in made.problems[0].message


# --- file names -----------------------------------------------------------------------------------

ODD_NAMES = ["dep*.csv", "dep?.csv", "dep[12].csv", "**.csv", "dep{1,2}.csv", 'o\'ne "two".csv']
ODD_NAMES += ["dep;1, '; drop table part_0.csv", "départements.csv", "dep", ".csv", "dep\n1.csv"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_name_is_only_a_name(town: Campaign, tmp_path: Path, name: str):
    """No name is a pattern that reads other files beside it."""
    for other in ("dep1.csv", "dep2.csv"):
        written(tmp_path, other, b"department_id,name,type,state\nX,Other,campus,MA\n")
    upload = ingest.Upload(written(tmp_path, name, TEXT.encode()), name)
    with publishing.draft(town.store, [upload], town.options()) as (made, _):
        assert problems(made) == []
        assert names(made) == NAMES


def test_a_file_is_left_as_it_is(tmp_path: Path):
    path = written(tmp_path, "departments.csv", BAD.format("\n\r").encode("utf-16"))
    before = path.read_bytes()
    (tmp_path / "work").mkdir()
    source = ingest.read(path, path.name, tmp_path / "work", 1 << 20)
    assert path.read_bytes() == before
    assert source.path.parent == tmp_path / "work"


def test_a_title_that_opens_a_quotation_mark_is_named_and_not_the_header(tmp_path: Path):
    text = '"Report, spring\n\ndepartment_id,pledged_on\nA,2018-01-01\n'
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(CheckFailed) as refused:
        ingest.read(tmp_path / "x.csv", "x.csv", tmp_path, 1000)
    [found] = refused.value.problems
    assert (found.row, found.code) == (1, "quote-error")
    assert found.message.startswith("Row 1, above the header in row 3, opens a quotation mark")
