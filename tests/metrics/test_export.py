"""Out again in the form it came in: an exported file passes check and publishes nothing new."""

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onemind import metrics
from onemind.campaign import DATASETS, contract
from onemind.errors import NothingChanged, WrongUse
from onemind.settings import SAMPLE
from tests.conftest import Campaign, campaigning

ROWS = 150
PIECES = [
    ",", ";", "\t", "|", '"', '""', "'", "\n", "\n\n", " ", "  ", "\\", "/", "#", "%", "$today",
    "{0}", "0", "007", "1,234", "1e5", "=1+1", "@", "-", "--", "+", "é", "Ñ", "ß", "警察", "🚓",
    "\uff1d", "'=", "''-", "-5", "+1-555",
    "\u00a0", "\u200b", "\u2028", "“x”", "null", "NA", "true", "a", "B", "Avon Police", "o'clock",
]  # fmt: skip


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """The sample with other ids, as if it were somebody's own data."""
    texts: dict[str, Any] = {
        path.stem: path.read_bytes().replace(b"MA00", b"XX00").replace(b"P-0", b"Q-0")
        for path in SAMPLE.glob("*.csv")
    }
    with campaigning(tmp_path_factory.mktemp("real")) as found:
        assert not found.publish(**texts).sample
        yield found


def exported(campaign: Campaign, *names: str) -> dict[str, str]:
    """The datasets as CSV texts."""
    found = {name: metrics.export.dataset(campaign.store, name) for name in names}
    return {name: metrics.export.to_csv(item.columns, item.rows) for name, item in found.items()}


def assert_round_trip(campaign: Campaign, *names: str, mode: str = "update") -> None:
    """What is exported passes check, for else CheckFailed were raised, and changes nothing."""
    with pytest.raises(NothingChanged):
        campaign.publish(mode=mode, **exported(campaign, *names))


@pytest.mark.parametrize("name", DATASETS)
def test_an_exported_dataset_of_the_sample_passes_check_and_changes_nothing(
    sample: Campaign, name: str
):
    assert_round_trip(sample, name)


@pytest.mark.parametrize("mode", ["update", "replace"])
def test_all_of_real_data_exported_passes_check_and_changes_nothing(real: Campaign, mode: str):
    assert_round_trip(real, *DATASETS, mode=mode)


def test_a_single_dataset_of_real_data_does_too(real: Campaign):
    assert_round_trip(real, "pledges")


@pytest.mark.parametrize("name", DATASETS)
def test_an_export_has_the_columns_of_the_contract_in_the_order_of_the_key(
    sample: Campaign, name: str
):
    found = metrics.export.dataset(sample.store, name)
    parsed = contract(name)
    assert found.columns == parsed.columns
    keys = [tuple(row[column] for column in parsed.key) for row in found.records()]
    assert keys == sorted(keys)
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert len(keys) == sum(1 for _ in csv.reader(file)) - 1


# --- awkward values -------------------------------------------------------------------------------


def awkward(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES, k=chance.randint(1, 6)))


def file(columns: list[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


@pytest.mark.parametrize("seed", range(2))
def test_awkward_values_survive_a_round_trip(empty: Campaign, seed: int):
    chance = random.Random(seed)
    ids = [f"{number:03}{awkward(chance)}x" for number in range(ROWS)]
    header = ["department_id", "name", "type", "state", "municipality", "contact_name"]
    header += ["population", "latitude", "counts_as_of"]
    departments = [
        [key, f"{awkward(chance)}.", "other", "MA", *(awkward(chance) for _ in range(2)),
         chance.randint(1, 10**9), chance.uniform(-90, 90), date(2017, 1, chance.randint(1, 31))]
        for key in ids
    ]  # fmt: skip
    pledges = [[key, "2018-01-01", awkward(chance)] for key in ids]
    empty.publish(
        departments=file(header, departments),
        pledges=file(["department_id", "pledged_on", "source"], pledges),
    )
    assert_round_trip(empty, "departments", "pledges")
    found = metrics.export.dataset(empty.store, "departments").records()
    kept = sorted(tuple(row[name] for name in ("department_id", *header[6:8])) for row in found)
    assert kept == sorted((row[0], *row[6:8]) for row in departments)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_line_end_inside_a_cell_survives_whatever_the_file_had(empty: Campaign, ends: str):
    text = 'department_id,name,type,state\nA,"Avon\nPolice",municipal,MA\nB,Bath,municipal,ME\n'
    empty.publish(departments=text.replace("\n", ends))
    assert_round_trip(empty, "departments")
    with pytest.raises(NothingChanged):
        empty.publish(departments=text)


def test_numbers_and_days_at_their_ends_survive(empty: Campaign):
    empty.publish(
        departments="""\
department_id,name,type,state,population,latitude,longitude,counts_as_of
00123,a,other,MA,999999999,0.1,-180,1900-01-01
123,b,other,MA,1000000000,-89.99999999999999,1e-7,2099-12-31
1e5,c,other,MA,,0.30000000000000004,-0.0,
""",
        training="""\
department_id,officer_id,course,completed_on,hours
123,0007,CIT,2018-01-01,1e22
123,7,CIT,2018-01-01,6.10
""",
    )
    assert_round_trip(empty, "departments", "training")
    found = metrics.export.dataset(empty.store, "departments").records()
    assert [row["department_id"] for row in found] == ["00123", "123", "1e5"]
    assert found[0]["population"] == 999999999
    assert found[2]["latitude"] == 0.1 + 0.2


# --- the forms ------------------------------------------------------------------------------------


def test_csv_has_yes_and_no_iso_dates_plain_numbers_and_blanks():
    rows: list[list[Any]] = [
        [True, date(2017, 9, 20), 5.0, 6.5, 7, 'say "x", y', None],
        [False, *[None] * 6],
    ]
    assert metrics.export.to_csv(list("abcdefg"), rows) == (
        'a,b,c,d,e,f,g\nyes,2017-09-20,5,6.5,7,"say ""x"", y",\nno,,,,,,\n'
    )


def test_json_has_true_and_false_iso_dates_numbers_and_null():
    when = datetime(2017, 9, 20, 12, 30, tzinfo=UTC)
    value = [{"a": True, "b": date(2017, 9, 20), "c": 6.5, "d": None, "e": "é", "f": when}]
    text = metrics.export.to_json(value)
    assert json.loads(text) == [
        {"a": True, "b": "2017-09-20", "c": 6.5, "d": None, "e": "é",
         "f": "2017-09-20T12:30:00+00:00"}
    ]  # fmt: skip
    assert "é" in text


def test_what_has_no_form_in_json_is_refused():
    with pytest.raises(TypeError, match="set has no form in JSON"):
        metrics.export.to_json([{1, 2}])


def test_a_dataset_is_exported_as_it_was_at_a_version(empty: Campaign):
    header = "department_id,name,type,state\n"
    empty.publish(departments=f"{header}A,Avon,municipal,MA\n")
    empty.publish(departments=f"{header}B,Bath,municipal,ME\n")
    keys = [
        [row[0] for row in metrics.export.dataset(empty.store, "departments", number).rows]
        for number in (1, 2, None)
    ]
    assert keys == [["A"], ["A", "B"], ["A", "B"]]
    assert metrics.export.dataset(empty.store, "partners").rows == ()


@pytest.mark.parametrize(("name", "version"), [("dogs", None), ("departments", 99)])
def test_what_does_not_exist_can_not_be_exported(sample: Campaign, name: str, version: int | None):
    with pytest.raises(WrongUse, match=f"{name if version is None else version}"):
        metrics.export.dataset(sample.store, name, version)


FORMULAS = (
    *(
        "=1+1",
        "+1",
        "-5",
        "-5,5",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "-2+3",
        "+1-555-0100",
        "\uff1d1",
    ),
    *("'=1+1", "''=1+1", "'tis", "'", "''", "'-5", "=", "-x", "'@", "O'Neill", "a=1", "1-2"),
)


def test_what_begins_like_a_formula_is_text_to_a_spreadsheet_and_comes_back_as_it_was(campaign):
    found = campaign(departments="department_id,name,type,state\nX,Lee,municipal,MA\n")
    source = io.StringIO()
    writer = csv.writer(source, lineterminator="\n")
    writer.writerow(("department_id", "name", "type", "state"))
    for number, text in enumerate(FORMULAS):
        guarded = f"'{text}" if metrics.export.FORMULA.match(text) else text
        writer.writerow((f"D{number}", guarded, "municipal", "MA"))
    found.publish(departments=source.getvalue())
    kept = {row[0]: row[1] for row in metrics.export.dataset(found.store, "departments").rows}
    assert [kept[f"D{number}"] for number in range(len(FORMULAS))] == list(FORMULAS)
    written = exported(found, "departments")["departments"]
    for row in csv.reader(io.StringIO(written)):
        assert (
            not metrics.export.FORMULA.match(row[1])
            or row[1][0] == "'"
            or row[1] in ("+1", "-5", "-5,5")
        )
    assert_round_trip(found, "departments")
