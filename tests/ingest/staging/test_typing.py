"""What a cell may hold: dates, numbers, yes and no, words for nothing, states, text as it is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from onemind import publishing
from onemind.campaign import contracts
from tests.conftest import Campaign, campaigning

MINIMAL = "department_id,name,type,state"
FEBRUARY = date(2018, 2, 1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """One department and one partner; the tests check files against it, no more."""
    with campaigning(tmp_path_factory.mktemp("town")) as found:
        found.publish(
            departments=f"{MINIMAL}\nA,Avon,municipal,MA\n",
            partners="partner_id,name,kind\np1,Riverside,hospital\n",
        )
        yield found


def kept(made: publishing.Draft, column: str) -> list[Any]:
    """The values of a column in the rows that would be added, by key."""
    changes = [change for diff in made.diffs for change in diff.changes]
    return [(change.key | change.after)[column] for change in changes]


def codes(made: publishing.Draft) -> list[str]:
    return [item.code for item in made.problems]


def faulty(made: publishing.Draft) -> dict[str | None, str]:
    """What is wrong with which cell."""
    return {item.value: item.code for item in made.problems}


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def rows(*cells: str) -> str:
    """A row for each cell, the cell quoted, behind an id in the order of the rows."""
    return "".join(f"N{number:03},{quoted(cell)}\n" for number, cell in enumerate(cells))


def departments(town: Campaign, column: str, *cells: str) -> publishing.Draft:
    """Check departments that have these cells in one column."""
    header = f"department_id,{column},name,type,state\n"
    body = rows(*cells).replace("\nN", ",x,municipal,MA\nN").removesuffix("\n")
    return town.check(departments=f"{header}{body},x,municipal,MA\n")


def training(town: Campaign, column: str, *cells: str) -> publishing.Draft:
    """Check certificates that have these cells in one optional column."""
    header = f"officer_id,{column},department_id,course,completed_on\n"
    body = rows(*cells).replace("\nN", ",A,CIT,2018-01-01\nN").removesuffix("\n")
    return town.check(training=f"{header}{body},A,CIT,2018-01-01\n")


# --- dates ----------------------------------------------------------------------------------------

FEBRUARY_FIRST = [
    "2018-02-01", "2/1/2018", "02/01/2018", "2/01/2018", "2018-2-1", "2018/02/01", "  2018-02-01 ",
    "2018-02-01 00:00:00", "2018-02-01 13:45:59", "2018-02-01T13:45:59", "2018-02-01 13:45",
    "2/1/2018 0:00", "2/1/2018 13:45", "2/1/2018 13:45:59", "2/28/2018",
]  # fmt: skip


def test_a_date_is_read_in_iso_and_us_forms_with_or_without_a_time(town: Campaign):
    made = training(town, "expires_on", *FEBRUARY_FIRST)
    assert faulty(made) == {}
    assert kept(made, "expires_on") == [*[FEBRUARY] * (len(FEBRUARY_FIRST) - 1), date(2018, 2, 28)]


NO_DAYS = {
    "2018-02-30": "a day that does not exist",
    "2/30/2018": "a day that does not exist",
    "2/29/2019": "a day that does not exist",
    "0018-02-01": "a day that does not exist",
    "1899-12-31": "a day that does not exist",
    "2100-01-01": "a day that does not exist",
    "2018-02-01x": "not a date",
    "2018-02-01 and later": "not a date",
    "2/1/2018 (est.)": "not a date",
    "about 2018-02-01": "not a date",
    "2018-02-01, 2018-03-01": "not a date",
    "2018-02": "not a date",
    "2018": "not a date",
    "1234567": "not a date",
    "2018-02-01 25:00:00": "not a date",
    "soon": "not a date",
}


def test_what_is_no_day_for_certain_is_refused(town: Campaign):
    made = training(town, "expires_on", *NO_DAYS)
    assert faulty(made) == dict.fromkeys(NO_DAYS, "type-error")
    assert kept(made, "expires_on") == []
    for problem, (cell, phrase) in zip(made.problems, NO_DAYS.items(), strict=True):
        assert f"'{cell}'" in problem.message and phrase in problem.message


def test_a_day_number_of_a_spreadsheet_is_read_and_said(town: Campaign):
    made = training(town, "expires_on", "43132", "43132.0")
    assert faulty(made) == {"43132": "serial-date", "43132.0": "serial-date"}
    assert kept(made, "expires_on") == [FEBRUARY] * 2


def test_the_29th_of_february_exists_in_leap_years(town: Campaign):
    made = training(town, "expires_on", "2020-02-29", "2/29/2024")
    assert kept(made, "expires_on") == [date(2020, 2, 29), date(2024, 2, 29)]


PARTIAL = {
    "2018-02-03": ("2018-02-03", "day"),
    "2018-02": ("2018-02-01", "month"),
    "2018-3": ("2018-03-01", "month"),
    "4/2018": ("2018-04-01", "month"),
    "05/2018": ("2018-05-01", "month"),
    "12/2018": ("2018-12-01", "month"),
    "2019": ("2019-01-01", "year"),
}


def test_a_pledge_may_know_the_month_or_the_year_alone(town: Campaign):
    text = "".join(f"A,{cell}\n" for cell in PARTIAL)
    made = town.check(pledges=f"department_id,pledged_on\n{text}")
    days = [day.isoformat() for day in kept(made, "pledged_on")]
    expected = sorted(PARTIAL.values())
    assert list(zip(days, kept(made, "precision"), strict=True)) == expected
    assert faulty(made) == dict.fromkeys(list(PARTIAL)[1:], "partial-date")


def test_a_precision_written_down_is_kept_unless_the_date_itself_is_partial(town: Campaign):
    text = "department_id,pledged_on,precision\nA,2018-02-01,month\nA,2019-01-01,\nA,2020,day\n"
    assert kept(town.check(pledges=text), "precision") == ["month", "day", "year"]


def test_other_dates_of_a_pledge_may_be_partial_too(town: Campaign):
    text = "department_id,pledged_on,policy_adopted_on\nA,2018-02-01,2019\n"
    made = town.check(pledges=text)
    assert kept(made, "policy_adopted_on") == [date(2019, 1, 1)]
    assert kept(made, "precision") == ["day"]


def test_a_month_or_year_that_does_not_exist_is_refused(town: Campaign):
    cells = ["2018-13", "0/2018", "13/2018", "2018-00", "1850", "2/18", "18"]
    made = town.check(pledges="department_id,pledged_on\n" + "".join(f"A,{x}\n" for x in cells))
    assert faulty(made) == dict.fromkeys(cells, "type-error")


# --- yes and no, numbers, words for nothing -------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["yes", "Yes", "YES", "y", "Y", "true", "TRUE", "1", " yes "], True),
        (["no", "No", "NO", "n", "N", "false", "False", "0"], False),
    ],
)
def test_yes_and_no_have_many_words(town: Campaign, cells: list[str], value: bool):
    made = training(town, "sworn", *cells)
    assert codes(made) == []
    assert kept(made, "sworn") == [value] * len(cells)


def test_a_blank_sworn_is_yes_in_training(town: Campaign):
    assert kept(training(town, "sworn", "", "NA"), "sworn") == [True, True]
    assert kept(training(town, "provider", "x"), "sworn") == [True]


def test_a_blank_sworn_is_refused_in_a_roster(town: Campaign):
    made = town.check(officers="department_id,officer_id,sworn\nA,o1,\n")
    assert codes(made) == ["missing-value"]


def test_what_is_neither_yes_nor_no_is_refused(town: Campaign):
    cells = ["maybe", "2", "-1", "10", "yes and no", "xx"]
    made = training(town, "sworn", *cells)
    assert faulty(made) == dict.fromkeys(cells, "type-error")
    assert all("Write yes or no" in item.message for item in made.problems)


NOTHING = ["", "  ", "NA", "na", "N/A", "n/a", "-", "unknown", "Unknown", "-666666666", "\u00a0"]


@pytest.mark.parametrize(
    "column", ["municipality", "population", "counts_as_of", "latitude", "contact_email"]
)
def test_the_words_for_nothing_become_blank(town: Campaign, column: str):
    made = departments(town, column, *NOTHING)
    assert codes(made) == []
    assert kept(made, column) == [None] * len(NOTHING)


@pytest.mark.parametrize("column", ["sworn_officers", "population"])
def test_0_officers_and_0_people_are_unknown(town: Campaign, column: str):
    made = departments(town, column, "0", " 0 ", "0.0", "5")
    assert codes(made) == []
    assert kept(made, column) == [None, None, None, 5]


def test_another_0_stays_0(town: Campaign):
    assert kept(departments(town, "nonsworn_staff", "0"), "nonsworn_staff") == [0]
    assert kept(departments(town, "latitude", "0"), "latitude") == [0]
    assert kept(training(town, "hours", "0"), "hours") == [0]


COUNTS = {
    "101,000": 101_000,
    "3,500.00": 3_500,
    "1,234,567": 1_234_567,
    "1110": 1110,
    "44.0": 44,
    "+5": 5,
    " 7 ": 7,
    "007": 7,
}


def test_a_count_may_have_thousands_separators_and_empty_decimals(town: Campaign):
    made = departments(town, "population", *COUNTS)
    assert faulty(made) == {}
    assert kept(made, "population") == list(COUNTS.values())


NO_COUNTS = [
    "1,23", "12,34,567", ",5", "1 234", "30,000 plus", "0-10", "600+", "44 full-time", "3.5",
    "1e3", "0x10", "1_000", "٣", "½", "99999999999999999999", "--5", "5-", "one",
]  # fmt: skip


def test_a_count_as_people_describe_it_is_refused(town: Campaign):
    made = departments(town, "population", *NO_COUNTS)
    assert faulty(made) == dict.fromkeys(NO_COUNTS, "type-error")
    assert all("whole number" in item.message for item in made.problems)


def test_a_number_may_have_decimals(town: Campaign):
    made = training(town, "hours", "6.5", "8", ".5", "1,040.25", "1e1", "-", "8 ")
    assert faulty(made) == {}
    assert kept(made, "hours") == [6.5, 8.0, 0.5, 1040.25, 10.0, None, 8.0]


def test_a_number_is_finite_or_it_is_none(town: Campaign):
    cells = ["6.5 h", "6,5", "nan", "inf", "Infinity", "1e999", "e", "1e"]
    assert faulty(training(town, "hours", *cells)) == dict.fromkeys(cells, "type-error")


# --- words from a list, places --------------------------------------------------------------------


def test_words_from_a_list_are_understood_in_any_case_and_by_synonym(town: Campaign):
    text = "".join(
        f"N{number},x,{word},MA\n"
        for number, word in enumerate(["Municipal", "TOWN", "Sheriff's Office", "University"])
    )
    made = town.check(departments=f"{MINIMAL}\n{text}")
    assert kept(made, "type") == ["municipal", "municipal", "county", "campus"]


def test_courses_and_editions_are_understood_as_people_write_them(town: Campaign):
    made = town.check(
        training="department_id,officer_id,course,completed_on\nA,o1,mental health first aid,"
        "2018-01-01\nA,o2,CIT 40 HR,2018-01-01\nA,o3,crit,2018-01-01\n"
    )
    assert kept(made, "course") == ["MHFA", "CIT", "CRIT"]
    made = town.check(pledges="department_id,pledged_on,edition\nA,2024-01-01,2023\n")
    assert kept(made, "edition") == ["current"]


STATES = {
    "MA": "MA",
    "ma": "MA",
    "Massachusetts": "MA",
    "MASSACHUSETTS": "MA",
    "NB": "NE",
    "nebraska": "NE",
    "GM": "GU",
    "DC": "DC",
    "District of Columbia": "DC",
    "PR": "PR",
    "VI": "VI",
}


def test_a_state_is_kept_by_its_postal_code(town: Campaign):
    text = "".join(f"N{number:02},x,campus,{cell}\n" for number, cell in enumerate(STATES))
    made = town.check(departments=f"{MINIMAL}\n{text}")
    assert kept(made, "state") == list(STATES.values())
    assert faulty(made) == {}


def test_a_province_abroad_is_kept_and_an_unknown_state_is_odd(town: Campaign):
    text = f"{MINIMAL},country\nC,Toronto Police Service,municipal,on,CA\nD,x,campus,ZZ,\n"
    made = town.check(departments=text)
    assert kept(made, "state") == ["ON", "ZZ"]
    assert kept(made, "country") == ["CA", "US"]
    assert [(item.row, item.code) for item in made.problems] == [(3, "unknown-place")]


COUNTIES = {
    "Worcester": "Worcester",
    "Worcester County": "Worcester",
    "Worcester county": "Worcester",
    "Worcester Co.": "Worcester",
    "WORCESTER COUNTY": "WORCESTER",
    "['Berkshire']": "Berkshire",
}


def test_a_county_is_kept_by_its_short_name(town: Campaign):
    made = departments(town, "county", *COUNTIES)
    assert kept(made, "county") == list(COUNTIES.values())
    assert faulty(made) == {}


def test_the_apostrophe_of_a_county_is_part_of_its_name(town: Campaign):
    made = town.check(
        departments=f"{MINIMAL},county\n1,x,county,MD,Prince George's County\n"
        "2,x,county,MD,St. Mary's\n3,x,county,IA,O'Brien County\n"
    )
    assert kept(made, "county") == ["Prince George's", "St. Mary's", "O'Brien"]
    assert faulty(made) == {}


def test_a_town_is_known_by_its_other_spelling(town: Campaign):
    made = departments(town, "municipality", "Lanesboro", "manchester", "Tyngsboro", "Gotham")
    assert [(item.row, item.code) for item in made.problems] == [(5, "unknown-place")]


# --- nobody's name --------------------------------------------------------------------------------

PEOPLE = [
    "Mary Smith", "Smith, Mary", "Smith,Mary", "Smith , Mary", "J. Smith", "Pat O’Brien-Jones",
    "José Núñez", "MARY A SMITH", "mary@example.org", "123-45-6789", "123 45 6789", "123456789",
    "Mary_Smith", "Smith/Mary", "Mary.Smith", "Mary_A_Smith", "José_Núñez", "O'Brien/Pat",
]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "header", "rest"),
    [("officers", "sworn", "yes"), ("training", "course,completed_on", "CIT,2018-01-01")],
)
def test_an_id_that_names_a_person_is_refused_and_never_repeated(
    town: Campaign, dataset: str, header: str, rest: str
):
    lines = [f"A,{quoted(person)},{rest}\n" for person in PEOPLE]
    made = town.check(**{dataset: f"department_id,officer_id,{header}\n" + "".join(lines * 2)})
    shown = [(item.code, item.value) for item in made.problems]
    assert shown == [("personal-id", f"{person[0]}…") for person in PEOPLE] * 2
    told = " ".join(str(item.record()) for item in made.problems)
    assert [person for person in PEOPLE if person in told] == []


def test_a_line_that_is_no_row_is_not_repeated_where_it_may_name_a_person(town: Campaign):
    made = town.check(
        officers="department_id,officer_id,sworn\nA,Mary Smith,yes,no\n",
        pledges="department_id,pledged_on\nA,2018-01-01,soon\n",
    )
    of_officers, of_pledges = made.problems
    assert (of_officers.code, of_officers.row, of_officers.value) == ("extra-cell", 2, None)
    assert "Mary" not in str(of_officers.record())
    assert of_pledges.value == "A,2018-01-01,soon"


def test_a_pseudonym_is_kept_as_it_is(town: Campaign):
    cells = ["0012", "1234-56", "7", "A-0001", "MA-17b", "badge 12", "o_1", "Unit-A", "A_B"]
    cells += ["unit_a", "Badge_7", "X/Y", "MA_0012"]
    text = "".join(f"A,{cell},yes\n" for cell in cells)
    made = town.check(officers=f"department_id,officer_id,sworn\n{text}")
    assert (kept(made, "officer_id"), faulty(made)) == (sorted(cells), {})


# --- text is only text ----------------------------------------------------------------------------

NASTY = [
    "'; drop table departments; --", "x'; delete from lake.departments; --", "O'Brien's \"best\"",
    "$today {row} %s \\n ?", "a,b;c\td|e", "1 line\n2 lines", "=1+1", "Doña Ana – Ærø 警察 🚓 1",
    "<b>bold</b> & co", "null", "NULL", "0012", "1e5", "true", "inner   blanks  2",
]  # fmt: skip
FIXED = {
    "department_id": "A",
    "partner_id": "p1",
    "officer_id": "o1",
    "name": "x",
    "type": "other",
    "state": "MA",
    "sworn": "yes",
    "course": "CIT",
    "kind": "other",
}
FREE = [
    (parsed.name, item.name)
    for parsed in contracts().values()
    for item in parsed.fields
    if item.type == "string"
    and not (item.enum or item.vocabulary or item.name == "ori")
    and item.name not in ("county", *(key.field for key in parsed.foreign_keys))
]


@pytest.mark.parametrize(("dataset", "column"), FREE, ids=[".".join(pair) for pair in FREE])
def test_whatever_stands_in_a_text_column_survives_as_text(
    town: Campaign, dataset: str, column: str
):
    parsed = contracts()[dataset]
    others = [item.name for item in parsed.fields if item.required and item.name != column]
    lines = [",".join([column, *others])]
    for number, text in enumerate(NASTY):
        fixed = {name: FIXED.get(name, f"2018-01-{number + 1:02}") for name in others}
        if parsed.key[-1] in ("department_id", "partner_id", "officer_id"):
            fixed[parsed.key[-1]] = f"K{number:02}"
        lines.append(",".join([quoted(f" {text} "), *(fixed[name] for name in others)]))
    made = town.check(**{dataset: "\n".join(lines) + "\n"})
    assert made.errors == []
    assert sorted(kept(made, column)) == sorted(NASTY)


def test_a_reference_of_sql_is_only_a_reference_to_nothing(town: Campaign):
    text = "".join(f"{quoted(text)},2018-01-01\n" for text in NASTY)
    made = town.check(pledges=f"department_id,pledged_on\n{text}")
    assert faulty(made) == dict.fromkeys(NASTY, "foreign-key")
    assert len(town.store.versions()) == 1


def test_a_constant_of_sql_is_only_text_too(town: Campaign):
    text = "department_id,pledged_on\nA,2018-01-01\n"
    made = town.check(pledges=text, constants={"source": NASTY[0]})
    assert kept(made, "source") == [NASTY[0]]
