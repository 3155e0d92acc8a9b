"""Small counts stay hidden, tried as somebody would who knows the rule and can subtract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

from onemind import metrics
from onemind.campaign import EVERYTHING, Filter, Sight, contract
from onemind.errors import NotPossibleNow
from onemind.metrics import MetricName, Query
from onemind.store import ENDINGS, Connection, Window
from onemind.store.small_counts import kept_back
from tests.conftest import TODAY, Campaign

DEPARTMENTS = "department_id,name,type,state\nD,Lee,municipal,MA\nE,Lynn,municipal,MA\n"
PARTNER = Sight(EVERYTHING, contacts=False, small_counts=False)
HEAD = "department_id,period_start,period_end,mh_calls,"
YEAR = "D,2019-01-01,2019-12-31,"
Publish = Callable[..., Campaign]
Row = dict[str, Any]


@pytest.fixture
def con(empty: Campaign) -> Iterator[Connection]:
    with empty.store.cursor() as lent:
        yield lent


def outcomes(campaign: Publish, columns: str, *rows: str) -> dict[str, Row]:
    """What a partner sees of outcomes, by department."""
    text = "\n".join([HEAD + columns, *rows])
    made = campaign(departments=DEPARTMENTS, outcomes=text)
    found = metrics.export.dataset(Window(made.store, PARTNER), "outcomes").records()
    return {row["department_id"]: row for row in found}


def test_what_the_rest_of_the_calls_leaves_is_hidden_too(campaign: Publish) -> None:
    row = outcomes(campaign, "referred_to_care,force_used", YEAR + "50,48,45")["D"]
    assert (row["mh_calls"], row["referred_to_care"], row["force_used"]) == (50, None, 45)


def test_a_hidden_ending_is_not_what_the_others_leave(campaign: Publish) -> None:
    """Calls 40 = 20 resolved + 18 referred + 2 arrests: arrests would follow from the rest."""
    columns = "resolved_on_scene,referred_to_care,arrests"
    row = outcomes(campaign, columns, YEAR + "40,20,18,2", "E,2019-01-01,2019-12-31,40,10,18,2")
    assert [row["D"][name] for name in columns.split(",")] == [None, 18, None]
    assert [row["E"][name] for name in columns.split(",")] == [10, 18, None]


def test_a_year_that_the_periods_do_not_cover_is_not_given(campaign: Publish) -> None:
    """Else the same year in two versions would give the month that came between."""
    assert outcomes(campaign, "arrests", "D,2019-01-01,2019-11-30,60,9") == {}
    shown = outcomes(campaign, "arrests", "D,2019-12-01,2019-12-31,6,1")
    assert (shown["D"]["mh_calls"], shown["D"]["arrests"]) == (66, 10)


def test_a_year_that_runs_from_july_counts_where_it_ends(campaign: Publish) -> None:
    row = outcomes(campaign, "arrests", "D,2018-07-01,2019-06-30,60,9")["D"]
    assert (row["period_start"], row["period_end"]) == (date(2019, 1, 1), date(2019, 12, 31))


def test_an_older_version_gives_no_outcomes_and_no_ratings(campaign: Publish) -> None:
    """A correction of one arrest would be one version minus the other."""
    ratings = "department_id,course,period_start,responses,rated_beneficial\nD,CIT,2019-01-01,20,10"
    made = campaign(
        departments=DEPARTMENTS, outcomes=HEAD + "arrests\n" + YEAR + "60,9", feedback=ratings
    )
    campaign(outcomes=HEAD + "arrests\n" + YEAR + "60,10")
    for name, expected in (("outcomes", 1), ("feedback", 1)):
        for sight, old in ((PARTNER, 0), (Sight(), expected)):
            window = Window(made.store, sight)
            assert len(metrics.export.dataset(window, name, 1).rows) == old
            assert len(metrics.export.dataset(window, name).rows) == expected
    held = Window(made.store, Sight(EVERYTHING, False, False, version=1))
    assert metrics.export.dataset(held, "outcomes").records()[0]["arrests"] == 9


def test_a_year_still_running_when_it_was_published_is_not_given(con: Connection) -> None:
    rows = """select 'D' as department_id, 'CIT' as course, date '2026-02-01' as period_start,
        20 as responses, 10 as rated_beneficial"""
    for published, given in ((2026, 0), (2027, 1)):
        sql = kept_back(contract("feedback"), rows, published)
        assert len(con.execute(sql).fetchall()) == given


def test_a_dataset_without_a_rule_is_refused() -> None:
    with pytest.raises(NotPossibleNow, match="Small counts in departments"):
        kept_back(contract("departments"), "select 1", 2026)


def test_shares_times_calls_give_no_hidden_count(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        outcomes=HEAD + "arrests\n" + YEAR + "60,9\nE,2019-01-01,2019-12-31,40,2",
    )
    window = Window(made.store, PARTNER)
    asked = Filter(as_of=date(2020, 1, 1))
    share, calls = (
        metrics.query(window, Query(name, (), asked), TODAY).rows[0]
        for name in (MetricName.ARREST_SHARE, MetricName.MH_CALLS)
    )
    assert share == (9 / 60, 1, 2)
    assert calls == (100, 2, 2)


# --- everything that could have been, tried at once -----------------------------------------------


def seen_of(con: Connection, possible: list[tuple[int, ...]]) -> dict[int, tuple[int | None, ...]]:
    """What a partner sees of years, each (calls, endings...), by its place in the list."""
    parsed = contract("outcomes")
    listed = ["department_id", "period_start", "period_end", "mh_calls", *ENDINGS]
    rest = [name for name in parsed.columns if name not in listed]
    values = "), (".join(
        ", ".join(map(str, row)) for row in ((place, *row) for place, row in enumerate(possible))
    )
    names = ", ".join(["place", *listed[3:]])
    con.execute(f"create temp table possible as from (values ({values})) given ({names})")
    blank = "".join(f", null::bigint as {name}" for name in rest)
    sql = kept_back(
        parsed,
        "select place as department_id, date '2019-01-01' as period_start, date '2019-12-31' as"
        f" period_end, {', '.join(listed[3:])}{blank} from possible",
        2026,
    )
    found = con.execute(f"select department_id, mh_calls, {', '.join(ENDINGS)} from ({sql})")
    return {row[0]: row[1:] for row in found.fetchall()}


def test_no_hidden_count_follows_from_what_is_shown_if_every_call_has_one_ending(
    con: Connection,
) -> None:
    """All ways that 5 to 13 calls can end, sorted by what is seen: none has one explanation."""
    possible = [
        (sum(ends), *ends)
        for ends in product(range(14), repeat=len(ENDINGS))
        if 5 <= sum(ends) < 14
    ]
    explanations = defaultdict(list)
    for place, seen in seen_of(con, possible).items():
        explanations[seen].append(possible[place])
    exact = [
        (seen, among[0])
        for seen, among in explanations.items()
        for column in range(1, len(ENDINGS) + 1)
        if seen[column] is None and len({row[column] for row in among}) == 1
        and 1 <= among[0][column] <= 4
    ]  # fmt: skip
    assert len(possible) > 8000
    assert exact == []
