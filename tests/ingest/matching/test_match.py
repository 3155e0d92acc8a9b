"""Which dataset a file is, and which of its columns is which field, by its header."""

from pathlib import Path

import pytest

from onemind.campaign import contract, contracts
from onemind.errors import WrongUse
from onemind.ingest import CheckFailed, match, plain
from onemind.ingest.matching.columns import Match
from onemind.ingest.reading.files import Source


def source(header: str, name: str = "upload.csv") -> Source:
    return Source(name, Path(name), ",", tuple(header.split(",")), "0")


def matched(header: str, **given) -> Match:
    return match(source(header, given.pop("name", "upload.csv")), **given)


def refused(header: str, **given) -> list[tuple[str, str | None, str]]:
    with pytest.raises(CheckFailed) as refusal:
        matched(header, **given)
    return [(item.code, item.column, item.message) for item in refusal.value.problems]


def warned(found: Match) -> list[tuple[str, str | None]]:
    return [(item.code, item.column) for item in found.warnings]


# --- which dataset --------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", contracts())
def test_a_dataset_is_recognized_by_its_own_header(dataset: str):
    columns = contract(dataset).columns
    found = matched(",".join(columns))
    assert found.dataset == dataset
    assert found.columns == {name: place for place, name in enumerate(columns)}
    assert found.warnings == ()


@pytest.mark.parametrize("dataset", contracts())
def test_a_dataset_is_recognized_by_the_columns_it_needs_alone(dataset: str):
    needed = [field.name for field in contract(dataset).fields if field.required]
    assert matched(",".join(reversed(needed))).dataset == dataset


@pytest.mark.parametrize("dataset", contracts())
def test_a_dataset_is_recognized_by_its_titles(dataset: str):
    header = ",".join(field.title.replace(",", "") for field in contract(dataset).fields)
    if dataset == "departments":
        header = header.replace("ORI,", "FBI ORI,")  # a title that is also an alias of the id
    assert matched(header).dataset == dataset


@pytest.mark.parametrize(
    ("header", "dataset"),
    [
        ("Dept,Officer,Course,Date", "training"),
        ("ORI,Badge Number,Class,Date Completed,Hours", "training"),
        ("Agency ID,Date Pledged", "pledges"),
        ("ORI,Agency Name,Agency Type,City,State,Number of Sworn Officers", "departments"),
        ("Dept ID,Date,MHFA,CIT", "training_totals"),
        ("Org ID,Organization,Organization Type", "partners"),
    ],
)
def test_a_file_as_people_write_it_is_recognized(header: str, dataset: str):
    assert matched(header).dataset == dataset


@pytest.mark.parametrize(
    ("dataset", "header", "lacks"),
    [
        ("training", "department_id,officer_id,completed_on,sworn,hours,provider", "course"),
        ("training", "department_id,officer_id,course,sworn,expires_on", "completed_on"),
        ("partnerships", "department_id,partner_id,signed_on,ended_on", "kind"),
        ("outcomes", "department_id,period_start,mh_calls,arrests,force_used", "period_end"),
        ("training_totals", "department_id,as_of,mhfa_trained,both_trained", "cit_trained"),
        ("departments", "department_id,name,state,county,sworn_officers", "type"),
    ],
)
def test_a_file_that_lacks_a_column_is_not_taken_for_another_dataset(
    dataset: str, header: str, lacks: str
):
    """Else a list of certificates without the course is published as a roster."""
    [(code, column, _)] = refused(header, name=f"{dataset}.csv")
    assert (code, column) == ("missing-label", lacks)


@pytest.mark.parametrize("dataset", ["outcomes", "feedback"])
def test_the_file_name_decides_where_the_header_does_not(dataset: str):
    problems = refused("department_id,period_start", name=f"{dataset}.csv")
    assert {code for code, *_ in problems} == {"missing-label"}
    assert f"({dataset}: " in problems[0][2]


def test_a_file_that_resembles_nothing_says_what_it_has_and_what_there_is():
    [(code, column, message)] = refused("color,size,price", name="shoes.csv")
    assert (code, column) == ("unknown-dataset", None)
    assert message == (
        "It isn't clear what kind of data shoes.csv holds: its header is 'color', "
        "'size', 'price'. Name the "
        "columns as in one of the templates (departments, pledges, officers, training, "
        "training_totals, partners, partnerships, outcomes, feedback)."
    )


def test_a_long_header_is_shown_in_part():
    [(_, _, message)] = refused(",".join(f"x{number}" for number in range(20)))
    assert "'x11' and 8 more." in message


def test_the_dataset_may_be_said_instead():
    found = matched("department_id,pledged_on", dataset="pledges")
    assert found.dataset == "pledges"
    codes = {(code, column) for code, column, _ in refused("color,size", dataset="pledges")}
    assert codes == {("missing-label", "department_id"), ("missing-label", "pledged_on")}


def test_a_dataset_said_that_does_not_exist_is_refused():
    with pytest.raises(WrongUse, match="Unknown dataset 'dogs'"):
        matched("department_id,pledged_on", dataset="dogs")


# --- which column ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    ["completed_on", "Completed On", "COMPLETED-ON", " completed.on ", "Date Completed", "date"],
)
def test_case_blanks_and_punctuation_of_a_header_do_not_matter(label: str):
    found = matched(f"dept id,Officer #,COURSE,{label}", renames={"Officer #": "officer_id"})
    assert found.columns["completed_on"] == 3


def test_a_header_is_compared_by_its_letters_and_digits():
    assert plain("Dept. ID") == plain("dept_id") == "deptid"
    assert plain("Sworn?") == "sworn"


@pytest.mark.parametrize("dataset", contracts())
def test_every_alias_finds_its_column(dataset: str):
    parsed = contract(dataset)
    for field in parsed.fields:
        for alias in field.aliases:
            others = [other.name for other in parsed.fields if other.name != field.name]
            others = [name for name in others if plain(name) != plain(alias) and name != "ori"]
            found = matched(",".join([*others, alias]), dataset=dataset)
            assert found.columns[field.name] == len(others), alias


def test_the_ori_serves_as_id_and_as_ori():
    found = matched("ORI,Name,Type,State")
    assert found.dataset == "departments"
    assert (found.columns["department_id"], found.columns["ori"]) == (0, 0)
    assert found.warnings == ()


def test_beside_an_id_the_ori_is_only_the_ori():
    for header in ("department_id,ori,name,type,state", "ori,department_id,name,type,state"):
        found = matched(header)
        assert header.split(",")[found.columns["department_id"]] == "department_id"
        assert header.split(",")[found.columns["ori"]] == "ori"


@pytest.mark.parametrize("header", ["Dept ID,ORI,Name,Type,State", "ORI,Dept ID,Name,Type,State"])
def test_beside_another_name_for_the_id_the_ori_is_only_the_ori(header: str):
    found = matched(header)
    assert header.split(",")[found.columns["department_id"]] == "Dept ID"
    assert header.split(",")[found.columns["ori"]] == "ORI"
    assert found.warnings == ()


def test_a_columns_own_name_goes_before_an_alias():
    found = matched("date,completed_on,department_id,officer_id,course")
    assert found.columns["completed_on"] == 1
    assert warned(found) == [("extra-label", "date")]


def test_columns_may_come_in_any_order():
    found = matched("state,type,name,department_id")
    assert found.columns == {"department_id": 3, "name": 2, "type": 1, "state": 0}


# --- missing, doubled, extra ----------------------------------------------------------------------


def test_a_missing_column_is_named_with_what_the_file_has_and_what_to_do():
    [(code, column, message)] = refused("dept,officer,course,when", name="may.csv")
    assert (code, column) == ("missing-label", "completed_on")
    assert message.startswith(
        "Your file may.csv is missing a column called 'completed_on' (training: The day the "
        "certificate was earned.) It has 'dept', 'officer', 'course', 'when'."
    )
    assert "Give the column that holds it this name, or add it" in message
    assert message.endswith("then try again.")


@pytest.mark.parametrize(
    ("header", "likely"),
    [
        ("department_id,name,type,county_fips", None),
        ("department_id,name,type,status", None),
        ("department_id,name,type,county", None),
        ("department_id,name,type,county_fips,state_prov", "state_prov"),
    ],
)
def test_a_column_is_offered_for_a_missing_one_only_if_it_is_no_more_like_another(
    header: str, likely: str | None
):
    with pytest.raises(CheckFailed) as error:
        matched(header)
    [found] = error.value.problems
    assert (found.column, found.suggestion) == ("state", likely)
    assert ("Rename" in found.message) == (likely is not None)


def test_every_missing_column_is_named():
    found = refused("dept,officer", dataset="training")
    assert [(code, column) for code, column, _ in found] == [
        ("missing-label", "course"),
        ("missing-label", "completed_on"),
    ]
    assert "Add the column" in found[0][2]


@pytest.mark.parametrize("labels", ["Date Pledged,Date Pledged", "pledged_on,Pledged On"])
def test_a_column_that_is_there_twice_is_refused_by_the_name_the_file_gives_it(labels: str):
    [(code, column, message)] = refused(f"department_id,{labels},source")
    assert code == "duplicate-label"
    assert column in labels.split(",")
    assert f"has 2 columns called '{column}'" in message
    assert "keep one, or rename the others" in message


def test_a_doubled_column_that_is_not_used_does_no_harm():
    found = matched("department_id,pledged_on,notes,notes")
    assert warned(found) == [("extra-label", "notes")] * 2


def test_missing_and_doubled_columns_are_told_together():
    codes = {code for code, *_ in refused("department_id,department_id,officer_id,course")}
    assert codes == {"missing-label", "duplicate-label"}


def test_extra_and_unnamed_columns_are_warnings():
    found = matched(",department_id,pledged_on,Shoe size,")
    assert warned(found) == [
        ("blank-label", None),
        ("extra-label", "Shoe size"),
        ("blank-label", None),
    ]
    assert [item.severity for item in found.warnings] == ["warning"] * 3
    assert [item.row for item in found.warnings] == [1] * 3
    assert found.warnings[0].message == "Column 1 has no header; it is not stored."
    assert "'Shoe size' is not part of pledges; it is not stored" in found.warnings[1].message


# --- renames and constants ------------------------------------------------------------------------


WHEN = {"when": "pledged_on"}


def test_a_header_can_be_mapped_to_a_column():
    found = matched("who,when", dataset="pledges", renames={"who": "department_id"} | WHEN)
    assert found.columns == {"department_id": 0, "pledged_on": 1}
    assert found.warnings == ()


def test_a_mapping_goes_before_names_and_aliases():
    found = matched("department_id,pledged_on,when", renames=WHEN)
    assert found.columns["pledged_on"] == 2
    assert warned(found) == [("extra-label", "pledged_on")]


def test_a_mapping_helps_to_recognize_the_dataset():
    assert matched("who,when", renames={"who": "department_id"} | WHEN).dataset == "pledges"


def test_a_constant_fills_a_column_the_file_lacks():
    found = matched("officer_id,course,completed_on", constants={"department_id": "MA0010100"})
    assert found.dataset == "training"
    assert found.constants == {"department_id": "MA0010100"}
    assert set(found.given) == {"officer_id", "course", "completed_on", "department_id"}


def test_a_column_of_the_file_goes_before_a_constant():
    found = matched("department_id,pledged_on", constants={"department_id": "X", "source": "y"})
    assert found.constants == {"source": "y"}


def test_days_by_practice_are_pledges_and_say_where_the_others_come_from() -> None:
    found = matched("Department,Pledge,Policy,Partnership,MHFA,CIT")
    assert set(found.columns) == {"department_id", "pledged_on", "policy_adopted_on"}
    told = {item.column: item.message for item in found.warnings}
    assert set(told) == {"Partnership", "MHFA", "CIT"}
    assert "from partnerships: publish those." in told["Partnership"]
    assert "from training: publish those." in told["MHFA"]
