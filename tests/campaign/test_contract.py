"""What each CSV holds: the nine datasets of the design, column by column, and what is refused."""

import re
from pathlib import Path

import pytest

from onemind import campaign
from onemind.campaign import DATASETS, Contract, Field, contract, contracts
from onemind.campaign.datasets import load_contract
from onemind.errors import ContractError, WrongUse

# As the design lists them: a star marks the key, a question mark what may be blank.
DESIGN = {
    "departments": "department_id* name type municipality? county? state country? ori? population? "
    "sworn_officers? nonsworn_staff? counts_as_of? latitude? longitude? contact_name? "
    "contact_email?",
    "pledges": "department_id* pledged_on* precision? edition? policy_adopted_on? "
    "completion_claimed_on? completion_confirmed_on? withdrawn_on? source?",
    "officers": "department_id* officer_id* sworn joined_on? left_on? exempt_until? exempt_reason?",
    "training": "department_id* officer_id* course* completed_on* sworn? expires_on? hours? "
    "provider?",
    "training_totals": "department_id* as_of* mhfa_trained cit_trained both_trained? "
    "nonsworn_trained?",
    "partners": "partner_id* name kind municipality? county? state? latitude? longitude? website?",
    "partnerships": "department_id* partner_id* kind* signed_on* ended_on?",
    "outcomes": "department_id* period_start* period_end mh_calls trained_officer_on_scene? "
    "resolved_on_scene? referred_to_care? transported_voluntary? transported_involuntary? "
    "arrests? force_used? officer_injuries? civilian_injuries? repeat_contacts?",
    "feedback": "department_id* course* period_start* responses rated_beneficial",
}
LISTS = {
    ("departments", "type"): "municipal county state campus tribal transit hospital other",
    ("pledges", "precision"): "day month year",
    ("partners", "kind"): "community_behavioral_health hospital nami recovery_coalition court "
    "school council_on_aging other",
    ("partnerships", "kind"): "co_response jail_diversion training referral other",
}
FIELDS = [(parsed, field) for parsed in contracts().values() for field in parsed.fields]
EACH_FIELD = pytest.mark.parametrize(
    ("parsed", "field"), FIELDS, ids=[f"{parsed.name}.{field.name}" for parsed, field in FIELDS]
)

SOUND = """
name = "dogs"
title = "Dogs"
description = "Police dogs."
unit = "dog"
primaryKey = ["dog_id"]

[[fields]]
name = "dog_id"
type = "string"
title = "Dog"
description = "Its collar."

[[fields]]
name = "born_on"
type = "date"
title = "Born"
description = "Its birthday."
"""


def test_there_are_the_nine_datasets_parents_before_children():
    assert set(contracts()) == set(DESIGN)
    for place, name in enumerate(DATASETS):
        for key in contracts()[name].foreign_keys:
            assert key.dataset in DATASETS[:place]


@pytest.mark.parametrize("name", DESIGN)
def test_a_dataset_has_the_columns_of_the_design_in_order(name: str):
    assert list(contract(name).columns) == re.findall(r"[a-z_]+", DESIGN[name])


@pytest.mark.parametrize("name", DESIGN)
def test_a_dataset_has_the_key_of_the_design(name: str):
    assert list(contract(name).key) == re.findall(r"(\w+)\*", DESIGN[name])


@pytest.mark.parametrize("name", DESIGN)
def test_what_may_be_blank_is_not_required_and_the_rest_is(name: str):
    optional = {field.name for field in contract(name).fields if not field.required}
    assert optional == set(re.findall(r"(\w+)\?", DESIGN[name]))


@pytest.mark.parametrize("name", DESIGN)
def test_departments_and_partners_are_what_their_ids_refer_to(name: str):
    expected = {
        (column, dataset)
        for column, dataset in (("department_id", "departments"), ("partner_id", "partners"))
        if column in contract(name).columns and dataset != name
    }
    assert {(key.field, key.dataset) for key in contract(name).foreign_keys} == expected


@pytest.mark.parametrize(("dataset", "column"), LISTS)
def test_a_listed_column_holds_the_words_of_the_design(dataset: str, column: str):
    assert list(contract(dataset).field(column).enum) == LISTS[dataset, column].split()


@EACH_FIELD
def test_every_field_says_what_it_is(parsed: Contract, field: Field):
    assert field.title[:1].isupper()
    assert field.description.endswith(".")
    assert len(field.description) > len(field.title)


@EACH_FIELD
def test_what_is_counted_or_measured_has_a_unit_and_nothing_else_has(
    parsed: Contract, field: Field
):
    assert bool(field.unit) == (field.type in ("integer", "number"))


@EACH_FIELD
def test_a_count_is_never_negative(parsed: Contract, field: Field):
    if field.type == "integer":
        assert field.minimum == 0


@EACH_FIELD
def test_an_officer_id_must_not_identify_a_person(parsed: Contract, field: Field):
    assert field.personal == (field.name == "officer_id")


@EACH_FIELD
def test_a_synonym_stands_for_a_word_on_the_list_and_is_in_lower_case(
    parsed: Contract, field: Field
):
    assert {value for _, value in field.synonyms} <= set(field.enum)
    assert all(word == word.lower() for word, _ in field.synonyms)


@pytest.mark.parametrize("parsed", contracts().values(), ids=contracts())
def test_a_dataset_says_what_it_is_and_what_one_row_is(parsed: Contract):
    assert parsed.title and parsed.unit
    assert parsed.description.endswith(".")


@pytest.mark.parametrize("parsed", contracts().values(), ids=contracts())
def test_an_alias_is_no_other_columns_own_name(parsed: Contract):
    names = {name.replace("_", "") for name in parsed.columns}
    for field in parsed.fields:
        aliases = {re.sub(r"[^a-z0-9]", "", alias.lower()) for alias in field.aliases}
        assert aliases & (names - {field.name.replace("_", "")}) <= {"ori"}


def test_only_sworn_officers_and_population_read_0_as_unknown():
    found = {(parsed.name, field.name) for parsed, field in FIELDS if "0" in field.missing_values}
    assert found == {("departments", "sworn_officers"), ("departments", "population")}


def test_only_pledges_take_a_month_or_a_year_alone():
    assert [name for name, parsed in contracts().items() if parsed.partial_dates] == ["pledges"]


def test_a_blank_country_is_the_united_states_and_a_blank_sworn_is_yes():
    defaults = {
        (parsed.name, field.name): field.default for parsed, field in FIELDS if field.default
    }
    assert defaults == {("departments", "country"): "US", ("training", "sworn"): "yes"}


def test_both_trained_may_be_above_neither_total():
    orders = {(order.lower, order.upper) for order in contract("training_totals").orders}
    assert orders == {("both_trained", "mhfa_trained"), ("both_trained", "cit_trained")}
    assert {order.severity for order in contract("training_totals").orders} == {"error"}


@pytest.mark.parametrize(
    ("dataset", "lower", "upper"),
    [
        ("officers", "joined_on", "left_on"),
        ("training", "completed_on", "expires_on"),
        ("partnerships", "signed_on", "ended_on"),
        ("outcomes", "period_start", "period_end"),
        ("pledges", "pledged_on", "withdrawn_on"),
    ],
)
def test_an_end_before_its_start_is_an_error(dataset: str, lower: str, upper: str):
    orders = {(order.lower, order.upper): order.severity for order in contract(dataset).orders}
    assert orders[lower, upper] == "error"


def test_the_words_for_editions_and_courses_come_from_the_rules():
    found = {(parsed.name, field.name): field.vocabulary for parsed, field in FIELDS}
    assert found["pledges", "edition"] == "editions"
    assert found["training", "course"] == found["feedback", "course"] == "courses"
    assert campaign.load_rules().words("courses")["cit 40 hr"] == "CIT"


def test_an_unknown_dataset_is_answered_with_those_there_are():
    with pytest.raises(WrongUse, match=r"Unknown dataset 'dogs'.*departments, pledges"):
        contract("dogs")


def test_an_unknown_column_is_named():
    with pytest.raises(WrongUse, match="Training has no column called 'dog'"):
        contract("training").field("dog")


def write(folder: Path, text: str) -> Path:
    path = folder / "dogs.toml"
    path.write_text(text)
    return path


def test_a_sound_contract_is_read(tmp_path: Path):
    parsed = load_contract(write(tmp_path, SOUND))
    assert parsed.columns == ("dog_id", "born_on")
    assert parsed.field("born_on").sql_type == "date"
    assert not parsed.field("born_on").required


@pytest.mark.parametrize(
    ("sound", "unsound", "says"),
    [
        ('primaryKey = ["dog_id"]', 'primaryKey = ["cat_id"]', "cat_id"),
        ('type = "date"', 'type = "dates"', "born_on"),
        ('name = "born_on"', 'name = "born on; drop"', "born on; drop"),
        ('title = "Dogs"', "", "title"),
        ('description = "Its collar."', "", "description"),
        ('unit = "dog"', "unit = ", "dogs.toml"),
        (
            "[[fields]]",
            '[[orders]]\nlower = "born_on"\nupper = "died_on"\n\n[[fields]]',
            "died_on",
        ),
        (
            "[[fields]]",
            '[[orders]]\nlower = "born_on"\nhigher = "dog_id"\n\n[[fields]]',
            "higher",
        ),
    ],
)
def test_an_unsound_contract_is_refused_and_says_what_is_wrong(
    tmp_path: Path, sound: str, unsound: str, says: str
):
    assert sound in SOUND
    with pytest.raises(ContractError, match=re.escape(says)):
        load_contract(write(tmp_path, SOUND.replace(sound, unsound, 1)))


def test_a_contract_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(ContractError, match=r"cats\.toml can't be read"):
        load_contract(tmp_path / "cats.toml")
