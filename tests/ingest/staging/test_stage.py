"""Checking: each kind of fault at its own row and column, in words; and nothing is changed."""

import zipfile
from dataclasses import dataclass, field
from typing import Any

import pytest

from onemind import ingest, metrics, publishing
from onemind.ingest import CheckFailed
from onemind.ingest.problem import CODES
from tests.conftest import Campaign
from tests.ingest.staging.conftest import draft, places

TRAINING = "department_id,officer_id,course,completed_on"
PLEDGES = "department_id,pledged_on"
OUTCOMES = "department_id,period_start,period_end,mh_calls"
MINIMAL = "department_id,name,type,state"
MEGABYTES = 3_000_000


# --- one small case for each code -----------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A file, and the one fault it has: where, which value, and a phrase of the sentence."""

    dataset: str
    text: str | bytes
    row: int | None
    column: str | None
    value: str | None
    phrase: str
    options: dict[str, Any] = field(default_factory=dict)


PARTNERS = "partner_id,name,kind"
TOTALS = "department_id,as_of,mhfa_trained,cit_trained"
GOOD = f"{TRAINING}\nA,o1,MHFA,2018-01-01\n"
CASES = {
    "file-error": Case("training", b"%PDF-1.7", None, None, None, "is a PDF, not CSV text"),
    "size-error": Case("training", "x" * (MEGABYTES + 1), None, None, None, "at most 3 MB"),
    "encoding-error": Case("training", b"\xff\xfea\x00b", None, None, None, "neither UTF-8 nor"),
    "empty-file": Case("training", "", None, None, None, "needs a header row"),
    "unknown-dataset": Case("training", "size,hue\n1,red\n", None, None, None, "'size', 'hue'"),
    "missing-label": Case(
        "pledges", "dept,when,edition\nA,2017-09-20,\n", None, "pledged_on", None,
        "It has 'dept', 'when', 'edition'.",
    ),
    "duplicate-label": Case(
        "pledges", f"{PLEDGES},source,source\n", 1, "source", None, "2 columns called 'source'"
    ),
    "no-rows": Case("training", f"{TRAINING}\n", None, None, None, "a header but no rows"),
    "missing-cell": Case("training", f"{GOOD}A,o2\n", 3, None, None, "2 cells where the header"),
    "extra-cell": Case(
        "training", f"{GOOD}A,o2,CIT,2018-01-01,x,y\n", 3, None, None,
        "has 6 cells where the header has 4",
    ),
    "quote-error": Case(
        "training", f'{GOOD}A,"o"2,CIT,2018-01-01\n', 3, None, None, "quotation mark out of place"
    ),
    "missing-value": Case(
        "training", f"{GOOD}A,o2,CIT,NA\n", 3, "completed_on", "NA", "'NA', which means not known"
    ),
    "type-error": Case(
        "training", f"{GOOD}A,o2,CIT,soon\n", 3, "completed_on", "soon",
        "'soon', which is not a date",
    ),
    "enum-error": Case(
        "training", f"{GOOD}A,o2,Yoga,2018-01-01\n", 3, "course", "Yoga",
        "Write one of: MHFA, MHFA-EQ, CIT, CIT-EQ, CRIT.",
    ),
    "minimum": Case(
        "training", f"{TRAINING},hours\nA,o2,CIT,2018-01-01,-4\n", 2, "hours", "-4",
        "can't be below 0",
    ),
    "maximum": Case(
        "partners", f"{PARTNERS},latitude\np2,East,court,91.5\n", 2, "latitude", "91.5",
        "can't be above 90",
    ),
    "length": Case(
        "partners", f"{PARTNERS}\n{'p' * 65},East,court\n", 2, "partner_id", "p" * 65,
        "more than 64 characters",
    ),
    "personal-id": Case(
        "training", f"{GOOD}A,Mary Smith,CIT,2018-01-01\n", 3, "officer_id", "M…",
        "use a badge number or a made-up number",
    ),
    "order": Case(
        "training", f"{TRAINING},expires_on\nA,o2,CIT,2018-01-02,2018-01-01\n", 2, "expires_on",
        "2018-01-01", "'expires_on' is 2018-01-01, before 'completed_on', which is 2018-01-02",
    ),
    "primary-key": Case(
        "training", f"{TRAINING},sworn\nA,o1,MHFA,2018-01-01,yes\n\nA,o1,mhfa,1/1/2018,no\n", 4,
        "completed_on", "A, o1, MHFA, 2018-01-01",
        "Row 4 repeats row 2: both are A, o1, MHFA, 2018-01-01 (department_id, officer_id, course, "
        "completed_on), but they differ (sworn: yes there, no here).",
    ),
    "foreign-key": Case(
        "training", f"{GOOD}Z,o1,CIT,2018-01-01\n", 3, "department_id", "Z",
        "'Z', which is not in departments",
    ),
    "shrink": Case(
        "pledges", f"{PLEDGES}\nA,2017-09-20\nB,2017-09-20\n", None, None, "1",
        "would remove 1 of 3 published rows", {"mode": "replace"},
    ),
    "nul-byte": Case(
        "training", f"{GOOD}A,o\x002,CIT,2018-01-01\n", 3, None, None, "Row 3 holds a NUL byte"
    ),
    "header-row": Case(
        "pledges", f"Pledges of 2018\n\n{PLEDGES}\nA,2018-01-01\n", 3, None, None,
        "The header is in row 3",
    ),
    "totals-row": Case(
        "training_totals", f"{TOTALS}\nB,2019-01-01,1,1\nTotal,,1,1\n", 3, None, None,
        "a row of totals",
    ),
    "letters-repaired": Case(
        "training", f"{TRAINING},provider\nA,o2,CIT,2018-01-01,H\u00c3\u00b4pital\n", 2, None, None,
        "Letters in 1 line were put right, such as",
    ),
    "repeat": Case(
        "training", f"{GOOD}\nA,o1,mhfa,1/1/2018\n", 4, None, None, "says the same as row 2",
    ),
    "rounded-id": Case(
        "training", f"{GOOD}A,1.23E+05,CIT,2018-01-01\n", 3, "officer_id", "1.23E+05",
        "a spreadsheet has rounded this id",
    ),
    "broken-letters": Case(
        "training", f"{TRAINING},provider\nA,o2,CIT,2018-01-01,H\ufffdpital\n", 2, "provider",
        "H\ufffdpital", "a letter was lost",
    ),
    "date-order": Case(
        "training", f"{GOOD}A,o2,CIT,25/1/2018\nA,o3,CIT,1/26/2018\n", None, "completed_on",
        "25/1/2018", "1/26/2018 in row 4, which has the month first",
    ),
    "date-form": Case(
        "training", f"{GOOD}A,o2,CIT,3/4/2018\n", 3, "completed_on", "3/4/2018",
        "is read month first throughout: nothing in the column says which it is (1 cell such as "
        "3/4/2018). If that is wrong, say so.",
    ),
    "row-word": Case(
        "training", f"{TRAINING},Status\nA,o2,CIT,2018-01-01,Waived\n", 2, "Status", "Waived",
        "It isn't clear whether such a row counts",
    ),
    "left-out": Case(
        "training", f"{TRAINING},Status\nA,o2,CIT,2018-01-01,No Show\nA,o2,CIT,2018-01-01,Passed\n",
        2, "Status", "No Show", "1 row left out: 'Status' has 'No Show'.",
    ),
    "filler": Case(
        "training", f"{GOOD}{TRAINING}\nA,o2,CIT,2018-01-01\nPage 1 of 2,,,\n", 3, None, None,
        "Rows 3, 5: each repeats the header or is no data, and is left out.",
    ),
    "word-read": Case(
        "training", f"{GOOD}A,o2,CIT - 40 Hour (2023),2018-01-01\n", 3, "course",
        "CIT - 40 Hour (2023)", "CIT - 40 Hour (2023), 1 row, is read as CIT.",
    ),
    "serial-date": Case(
        "training", f"{GOOD}A,o2,CIT,43101\n", 3, "completed_on", "43101", "an Excel day number"
    ),
    "read-as": Case(
        "pledges", f"{PLEDGES}\nAvon Police Dept.,2018-01-01\n", 2, "department_id",
        "Avon Police Dept.", "is read as Avon (A)",
    ),
    "ambiguous-name": Case(
        "pledges", f"{PLEDGES}\nWashington County Sheriff,2018-01-01\n", 2, "department_id",
        "Washington County Sheriff", "fits 2 departments",
    ),
    "extra-label": Case(
        "pledges", f"{PLEDGES},shoe\nA,2018-01-01,9\n", 1, "shoe", None, "it is not stored"
    ),
    "blank-label": Case(
        "pledges", f",{PLEDGES}\n0,A,2018-01-01\n", 1, None, None, "Column 1 has no"
    ),
    "pattern": Case(
        "partners", f"{PARTNERS},website\np2,East,court,east.org\n", 2, "website", "east.org",
        "looks unusual",
    ),
    "order-warning": Case(
        "feedback", "department_id,course,period_start,responses,rated_beneficial\n"
        "A,CIT,2020-01-01,5,7\n", 2, "responses", "5", "below 'rated_beneficial', which is 7",
    ),
    "partial-date": Case(
        "pledges", f"{PLEDGES}\nA,2018\n", 2, "pledged_on", "2018", "stored as its first day"
    ),
    "future-date": Case(
        "training", f"{GOOD}A,o2,CIT,2026-07-01\n", 3, "completed_on", "2026-07-01", "still to come"
    ),
    "before-launch": Case(
        "pledges", f"{PLEDGES}\nA,2016-09-30\n", 2, "pledged_on", "2016-09-30",
        "dated before the campaign began",
    ),
    "early-completion": Case(
        "pledges", f"{PLEDGES},completion_confirmed_on\nA,2018-01-01,2018-12-31\n", 2,
        "completion_confirmed_on", "2018-12-31", "under 12 months after the pledge",
    ),
    "edition-ahead": Case(
        "pledges", f"{PLEDGES},edition\nA,2018-12-31,2019\n", 2, "edition", "2019",
        "did not exist yet",
    ),
    "unknown-place": Case(
        "departments", f"{MINIMAL},municipality\nC,C,municipal,MA,Springfeld\n", 2, "municipality",
        "Springfeld", "not on our list of the state's cities and towns",
    ),
    "unknown-county": Case(
        "departments", f"{MINIMAL},county\nC,C,municipal,MA,Kings\n", 2, "county", "Kings",
        "no county 'Kings' in the state",
    ),
    "more-trained-than-sworn": Case(
        "training_totals", f"{TOTALS}\nB,2019-01-01,5,6\n", 2, "mhfa_trained", "6",
        "6 officers trained",
    ),
    "overlap": Case(
        "outcomes", f"{OUTCOMES}\nA,2018-12-01,2018-12-31,3\nB,2018-12-01,2018-12-31,3\n", 2,
        "period_start", "2018-01-01 to 2018-12-31", "counted twice",
    ),
    "department-silent": Case(
        "pledges", f"{PLEDGES}\nB,2017-09-20\nB,2020-01-01\n", None, "department_id", "A",
        "A has 1 published rows in pledges and none in pledges.csv",
        {"mode": "replace", "allow_shrink": True},
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_a_fault_is_told_by_row_column_value_and_in_words(town: Campaign, code: str):
    case = CASES[code]
    made = town.check(**{case.dataset: case.text}, **case.options)
    [found] = made.problems
    assert (found.code, found.severity) == (code, CODES[code][0])
    assert (found.file, found.row, found.column) == (f"{case.dataset}.csv", case.row, case.column)
    assert found.value == case.value
    assert case.phrase in found.message
    assert found.message.endswith((".", ". Please look at it."))
    assert bool(made.errors) == (found.severity == "error")


def test_a_file_of_an_archive_that_is_no_dataset_is_passed_over(town: Campaign):
    path = town.folder / "may.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pledges.csv", f"{PLEDGES}\nA,2018-01-01\n")
        archive.writestr("shoes.csv", "size,hue\n1,red\n")
    upload = ingest.Upload(path, path.name)
    with publishing.draft(town.store, [upload], town.options()) as (made, _):
        assert places(made) == [(None, None, "sheet-not-used")]
        assert [(diff.dataset, diff.added) for diff in made.diffs] == [("pledges", 1)]
    assert "shoes.csv" in made.problems[0].message


def test_a_completion_before_the_pledge_is_told_as_such_and_once(town: Campaign):
    made = town.check(pledges=f"{PLEDGES},completion_confirmed_on\nA,2020-05-01,2018-03-01\n")
    [found] = made.problems
    assert (found.code, found.severity, found.row) == ("early-completion", "warning", 2)
    assert "2018-03-01, before the pledge" in found.message
    assert "under 12 months" not in found.message


def test_a_year_and_months_of_it_are_told_each_with_the_other_period(town: Campaign):
    made = town.check(
        outcomes=f"{OUTCOMES}\nB,2020-01-01,2020-12-31,9\nB,2020-02-01,2020-02-29,1\n"
        "B,2020-03-01,2020-03-31,1\nB,2021-01-01,2021-01-31,1\nA,2018-01-01,2018-06-30,1\n"
    )
    assert [item.row for item in made.problems if item.code == "overlap"] == [2, 3, 4]  # not anew
    first, year = "2020-02-01 to 2020-02-29", "2020-01-01 to 2020-12-31"
    assert [item.value for item in made.problems] == [first, year, year]


def test_every_kind_of_fault_has_a_case():
    elsewhere = {"sheet-not-used", "hidden-rows", "no-value", "merged-cell", "shape", "alike",
                 "pseudonym"}  # fmt: skip
    assert set(CASES) == set(CODES) - elsewhere


def test_a_problem_as_a_record_has_the_columns_of_the_command_line(town: Campaign):
    made = town.check(training=f"{TRAINING}\nA,o1,CIT,soon\n")
    record = made.problems[0].record()
    assert list(record)[:7] == ["file", "dataset", "row", "column", "code", "value", "message"]
    assert (record["dataset"], record["severity"]) == ("training", "error")


# --- many faults at once --------------------------------------------------------------------------

FAULTY = f"""\
{MINIMAL},municipality,county,population,sworn_officers,nonsworn_staff,counts_as_of,\
latitude,longitude,contact_email,fax
C,Acton,municipal,MA,Acton,Middlesex,"24,000",40,2,2018-01-01,42.48,-71.44,chief@example.org,1
,Boxford,municipal,MA,,,,,,,,,,
D,,municipal,MA,,,,,,,,,,
E,Easton,castle,MA,,,,,,,,,,
F,Foxboro,municipal,,,,,,,,,,,
G,Groton,municipal,MA,,,lots,,,,,,,
H,Hull,municipal,MA,,,-1,,,,,,,
I,Ipswich,municipal,MA,,,,3.5,,,,,,

J,Jaffrey,municipal,NH,,,,,-2,,,,,
K,"Kent
Police",municipal,CT,,,,,,2/30/2018,,,,
L,Lynn,municipal,MA,,,,,,9/32/18,,,,
M,Milton,municipal,MA,,,,,,,91,,,
N,Natick,municipal,MA,,,,,,,,-181,,
{"O" * 65},Orange,municipal,MA,,,,,,,,,,
P,Paxton,municipal,MA
Q,Quincy,municipal,MA,,,,,,,,,,,x
R,"Rut"land,municipal,MA,,,,,,,,,,
C,Acton,municipal,MA,,,,,,,,,,
S,Sharon,municipal,MA,,,,,,,,,sharon at example,
T,Truro,municipal,MA,,Kings,,,,,,,,
U,Upton,municipal,MA,,,,,,2030-01-01,,,,
V,Sheffield,municipal,MA,Shefield,,,,,,,,,
W,Ware,municipal,ZZ,,,,,,,,,,
X,Xanadu,Castle,MA,,,few,many,some,never,north,west,nobody,
"""
FOUND = [
    (1, "fax", "extra-label"),
    (3, "department_id", "missing-value"),
    (4, "name", "missing-value"),
    (5, "type", "enum-error"),
    (6, "state", "missing-value"),
    (7, "population", "type-error"),
    (8, "population", "minimum"),
    (9, "sworn_officers", "type-error"),
    (11, "nonsworn_staff", "minimum"),
    (12, "counts_as_of", "type-error"),
    (13, "counts_as_of", "type-error"),
    (14, "latitude", "maximum"),
    (15, "longitude", "minimum"),
    (16, "department_id", "length"),
    (17, None, "missing-cell"),
    (18, None, "extra-cell"),
    (19, None, "quote-error"),
    (20, "department_id", "primary-key"),
    (21, "contact_email", "pattern"),
    (22, "county", "unknown-county"),
    (23, "counts_as_of", "future-date"),
    (24, "municipality", "unknown-place"),
    (25, "state", "unknown-place"),
    (26, "counts_as_of", "type-error"),
    (26, "latitude", "type-error"),
    (26, "longitude", "type-error"),
    (26, "nonsworn_staff", "type-error"),
    (26, "population", "type-error"),
    (26, "sworn_officers", "type-error"),
    (26, "type", "enum-error"),
    (26, "contact_email", "pattern"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_file_with_thirty_faults_reports_all_and_changes_nothing(town: Campaign, newline: str):
    before = (town.store.versions(), metrics.export.dataset(town.store, "departments"))
    files = {"departments": FAULTY.replace("\n", newline)}
    assert places(town.check(**files)) == FOUND
    with pytest.raises(CheckFailed) as refusal:
        town.publish(**files)
    assert [(item.row, item.column, item.code) for item in refusal.value.problems] == FOUND
    assert str(refusal.value).startswith("Nothing was published. ")
    assert (town.store.versions(), metrics.export.dataset(town.store, "departments")) == before


def test_several_faults_of_one_row_are_all_reported(town: Campaign):
    rows = "A,o1,CIT,2018-01-01,yes,2017-01-01,8\nZ,Mary Smith,Yoga,2/30/2018,maybe,never,-1\n"
    made = town.check(training=f"{TRAINING},sworn,expires_on,hours\n{rows}")
    assert places(made) == [
        (2, "expires_on", "order"),
        (3, "completed_on", "type-error"),
        (3, "course", "enum-error"),
        (3, "department_id", "foreign-key"),
        (3, "expires_on", "type-error"),
        (3, "hours", "minimum"),
        (3, "officer_id", "personal-id"),
        (3, "sworn", "type-error"),
    ]


def test_a_row_above_both_totals_is_wrong_twice(town: Campaign):
    made = town.check(training_totals=f"{TOTALS},both_trained\nB,2019-01-01,3,2,4\n")
    assert places(made) == [(2, "cit_trained", "order"), (2, "mhfa_trained", "order")]
    assert "'mhfa_trained' is 3, below 'both_trained', which is 4" in made.problems[1].message


def test_faults_of_several_files_are_told_by_file(town: Campaign):
    made = draft(
        town,
        {
            "b.csv": f"{TRAINING}\nA,o1,Yoga,2018-01-01\n",
            "a.csv": f"{PLEDGES}\nA,2018-01-01\nA,soon\n",
            "c.csv": "",
        },
    )
    assert [(item.file, item.row, item.code) for item in made.problems] == [
        ("a.csv", 3, "type-error"),
        ("b.csv", 2, "enum-error"),
        ("c.csv", None, "empty-file"),
    ]


# --- rows -----------------------------------------------------------------------------------------


def test_rows_after_ragged_and_blank_lines_keep_their_numbers(town: Campaign):
    rows = [
        "A,o1", "A,o2,CIT,soon", "", "A,o3,CIT,soon", "A,o4,CIT,2018-01-01,x", "A", "",
        "A,o5,CIT,soon", 'A,"o\n6",CIT,soon', 'A,"o"7,CIT,2018-01-01', "A,o8,CIT,soon",
    ]  # fmt: skip
    made = town.check(training="\n".join([TRAINING, *rows]) + "\n")
    assert [(item.row, item.code) for item in made.problems] == [
        (2, "missing-cell"), (3, "type-error"), (5, "type-error"), (6, "extra-cell"),
        (7, "missing-cell"), (9, "type-error"), (10, "type-error"), (11, "quote-error"),
        (12, "type-error"),
    ]  # fmt: skip
    assert [item.value for item in made.problems if item.code == "type-error"] == ["soon"] * 5


def test_blank_cells_beyond_the_header_do_no_harm(town: Campaign):
    assert town.check(training=f"{GOOD}A,o2,CIT,2018-01-01,,,\n").problems == ()


def test_a_quotation_mark_never_closed_is_found_where_it_opens(town: Campaign):
    made = town.check(training=f'{GOOD}A,"o2,CIT,2018-01-01\nA,o3,CIT,2018-01-01\n')
    assert places(made) == [(3, None, "quote-error")]


def test_one_bad_row_among_fifty_thousand_is_found_at_its_row(town: Campaign):
    rows = [f"A,o{number},CIT,2018-01-01" for number in range(2, 50_001)]
    rows[10] = 'A,"o\n10",CIT,2018-01-01'
    rows[20] = ""
    rows[37_909] = "A,o37911,CIT,2018-02-29"
    made = town.check(training="\n".join([TRAINING, *rows]) + "\n")
    assert places(made) == [(37_911, "completed_on", "type-error")]
    assert made.problems[0].value == "2018-02-29"


def test_bad_rows_far_apart_are_found_after_lines_that_were_refused(town: Campaign):
    rows = [f"A,o{number},CIT,2018-01-01" for number in range(2, 30_001)]
    for row in (100, 9_000, 20_000):
        rows[row - 2] = "A,o1"
        rows[row - 1] = f"A,x{row},Yoga,2018-01-01"
    made = town.check(training="\n".join([TRAINING, *rows]) + "\n")
    assert [(item.row, item.code) for item in made.problems] == [
        (100, "missing-cell"), (101, "enum-error"), (9_000, "missing-cell"),
        (20_000, "missing-cell"),
    ]  # fmt: skip
    assert "3 rows, the first is 101, 'course' has 'Yoga'" in made.problems[1].message
