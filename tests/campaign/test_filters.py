"""One Filter: to SQL with parameters, to words, to and from the address, from the command line."""

from datetime import date

import duckdb
import pytest

from onemind.campaign import DIMENSIONS, Filter
from onemind.errors import WrongUse

ROWS = [
    ("Acton", "MA", "Middlesex"),
    ("Avon", "MA", "Norfolk"),
    ("Bath", "ME", "Sagadahoc"),
    ("Boston", "MA", "Suffolk"),
    ("Nowhere", "MA", None),
    ("Quotes", "MA", "O'Brien"),
]


def kept(chosen: Filter) -> list[str]:
    where, parameters = chosen.sql()
    with duckdb.connect() as con:
        con.execute("create table progress (name varchar, state varchar, county varchar)")
        con.executemany("insert into progress values (?, ?, ?)", ROWS)
        sql = f"select name from progress where {where} order by name"
        return [name for (name,) in con.execute(sql, parameters).fetchall()]


def test_a_filter_that_narrows_nothing_keeps_everything():
    assert len(kept(Filter())) == len(ROWS)
    assert Filter().sql() == ("true", {})


def test_values_of_a_dimension_are_alternatives_and_dimensions_narrow_together():
    assert kept(Filter(county=("Middlesex", "Sagadahoc"))) == ["Acton", "Bath"]
    assert kept(Filter(county=("Middlesex", "Sagadahoc"), state=("ME",))) == ["Bath"]


def test_a_blank_value_keeps_what_is_unknown():
    assert kept(Filter(county=("",))) == ["Nowhere"]


def test_what_is_unknown_is_not_kept_by_another_value():
    assert "Nowhere" not in kept(Filter(county=("Suffolk", "Norfolk")))


def test_a_quotation_mark_in_a_value_is_only_text():
    assert kept(Filter(county=("O'Brien",))) == ["Quotes"]
    assert kept(Filter(county=("' or 1=1 --",))) == []


def test_a_value_never_stands_in_the_sql():
    where, parameters = Filter(county=("Suffolk",)).sql()
    assert "Suffolk" not in where
    assert parameters == {"only_county": ["Suffolk"]}


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (Filter(), "all departments"),
        (
            Filter(county=("Worcester", "Essex"), type=("municipal",)),
            "county Worcester or Essex, type municipal",
        ),
        (Filter(stage=("due_soon",)), "stage due soon"),
        (Filter(as_of=date(2019, 6, 30)), "all departments"),
    ],
)
def test_a_filter_says_in_words_what_it_keeps(chosen: Filter, says: str):
    assert chosen.words() == says


FULL = Filter(
    state=("MA", "ME"),
    county=("Worcester",),
    type=("municipal", "campus"),
    edition=("2016",),
    stage=("due_soon",),
    source=("records",),
    as_of=date(2019, 6, 30),
    version=12,
)


def test_the_address_holds_the_whole_filter():
    assert FULL.address() == {
        "state": ["MA", "ME"],
        "county": ["Worcester"],
        "type": ["municipal", "campus"],
        "edition": ["2016"],
        "stage": ["due_soon"],
        "source": ["records"],
        "as_of": "2019-06-30",
        "version": "12",
    }


def test_a_filter_that_narrows_nothing_leaves_the_address_clean():
    assert Filter().address() == {}


@pytest.mark.parametrize(
    "chosen",
    [
        FULL,
        Filter(),
        Filter(county=("O'Brien", 'the "best"', "Doña Ana", "a=b&c=d", "50%", "x#y", "a b")),
        Filter(county=("KENT; SUSSEX",)),
        Filter(county=("Kent, Sussex", "Essex")),
        Filter(county=("", "Essex")),
        Filter(version=1),
    ],
    ids=lambda chosen: str(chosen.address()),
)
def test_from_the_address_comes_the_very_filter_that_was_put_there(chosen: Filter):
    assert Filter.from_address(chosen.address()) == chosen


@pytest.mark.parametrize(
    "parameters",
    [
        {"as_of": "yesterday"},
        {"as_of": "2019-02-30"},
        {"version": "-1"},
        {"version": "1.5"},
        {"version": "newest"},
        {"version": "9" * 30},
        {"version": ""},
        {"state": ""},
        {"color": "red", "kiosk": "1"},
    ],
    ids=str,
)
def test_what_can_not_be_understood_in_an_address_is_left_out(parameters: dict[str, str]):
    assert Filter.from_address(parameters) == Filter()


def test_only_the_named_dimensions_stay():
    assert FULL.only("state", "county") == Filter(
        state=("MA", "ME"), county=("Worcester",), as_of=date(2019, 6, 30), version=12
    )


def test_conditions_come_from_the_command_line():
    found = Filter.from_pairs(["state=MA", "county=Worcester", "county=Essex"])
    assert found == Filter(state=("MA",), county=("Worcester", "Essex"))


def test_a_value_may_hold_an_equals_sign_and_a_comma():
    assert Filter.from_pairs(["county=a=b, c"]) == Filter(county=("a=b, c",))


@pytest.mark.parametrize("pair", ["state", "color=red", "=MA", "as_of=2019-06-30", ""])
def test_another_condition_is_refused_with_those_there_are(pair: str):
    with pytest.raises(WrongUse) as refusal:
        Filter.from_pairs([pair])
    assert str(refusal.value) == (
        f"'{pair}' is not a condition. Write DIMENSION=VALUE with one of: "
        "state, county, type, edition, stage, source."
    )


def test_every_dimension_can_be_narrowed_everywhere():
    for name in DIMENSIONS:
        chosen = Filter.from_pairs([f"{name}=x"])
        assert chosen.chosen() == {name: ("x",)}
        assert Filter.from_address({name: "x"}) == chosen
