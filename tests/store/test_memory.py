"""Tables made once a version: by one reader for all, for a day or many, narrowed to a scope."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Thread

import pytest
from hypothesis import given, settings

from onemind import metrics
from onemind.campaign import Filter, Scope, Sight
from onemind.errors import NotPossibleNow
from onemind.metrics import MetricName, Query
from onemind.store import Derived, Window
from onemind.store.memory import DAYS, VERSIONS
from tests.conftest import TODAY, Campaign
from tests.metrics.test_progress import agree
from tests.support import oracle
from tests.support.strategies import scenarios

DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\n"
TWO = DEPARTMENTS + "D1,Lee,municipal,Essex,MA,2\nD2,Keene,municipal,Cheshire,NH,3\n"
PLEDGES = "department_id,pledged_on\nD1,2017-11-20\nD2,2018-02-10\n"
TRAINING = """department_id,officer_id,course,completed_on,expires_on
D1,A,MHFA,2017-12-31,2018-06-30
D1,B,MHFA,2018-01-31,
D1,B,CIT,2018-03-01,
D2,A,MHFA-EQ,2018-02-28,
"""
DICE = Derived(
    "dice",
    "select random() as thrown where len($dates) > 0",
    days=(TODAY,),
    variant="today",
)


def thrown(store, version: int | None = None, made: Derived = DICE) -> float:
    with store.reading(version, (), (made,)) as con:
        (number,) = con.execute(f"select thrown from {made.name}").fetchone()
        return float(number)


@pytest.fixture
def two(campaign: Callable[..., Campaign]) -> Campaign:
    return campaign(departments=TWO, pledges=PLEDGES, training=TRAINING)


def test_a_table_is_made_once_for_all_who_ask_at_the_same_time(two: Campaign) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: thrown(two.store), range(64)))) == 1


def test_another_version_is_read_while_a_table_of_this_one_is_made(two: Campaign) -> None:
    two.publish(departments=DEPARTMENTS + "D3,Lynn,municipal,Essex,MA,4\n")
    thrown(two.store, 1)
    slow = Derived(
        "dice", "select sum(sin(range)) as thrown from range(100_000_000)", variant="slow"
    )
    maker = Thread(target=thrown, args=(two.store, 2, slow))
    maker.start()
    thrown(two.store, 1)
    assert maker.is_alive()
    maker.join()


def test_each_version_has_its_own(two: Campaign) -> None:
    first = thrown(two.store)
    two.publish(departments=DEPARTMENTS + "D3,Lynn,municipal,Essex,MA,4\n")
    assert thrown(two.store) != first
    assert thrown(two.store, 1) == first


def test_a_failure_is_the_askers_and_the_next_one_tries_again(two: Campaign) -> None:
    broken = Derived("dice", "select error('no') as thrown", variant="today")
    with pytest.raises(two.store.database_error):
        thrown(two.store, None, broken)
    assert 0 <= thrown(two.store) < 1


def test_the_day_longest_unused_is_forgotten(two: Campaign) -> None:
    days = [Derived("dice", DICE.select, days=(TODAY,), variant=str(n)) for n in range(DAYS + 1)]
    first, second = thrown(two.store, None, days[0]), thrown(two.store, None, days[1])
    for day in days[2:-1]:
        thrown(two.store, None, day)
    assert thrown(two.store, None, days[0]) == first
    thrown(two.store, None, days[-1])
    assert thrown(two.store, None, days[0]) == first
    assert thrown(two.store, None, days[1]) != second


def test_many_days_and_versions_at_once_stay_right(two: Campaign) -> None:
    for number in range(2, VERSIONS + 3):
        two.publish(departments=DEPARTMENTS + f"N{number},Lynn,municipal,Essex,MA,4\n")

    def departments(number: int) -> bool:
        version = number % (VERSIONS + 2) + 1
        chosen = Filter(as_of=TODAY - timedelta(days=number % 40), version=version)
        return len(metrics.progress(two.store, chosen, TODAY).rows) == version + 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(departments, range(120)))


def test_what_is_made_for_all_is_narrowed_to_a_scope(two: Campaign) -> None:
    essex = Window(two.store, Sight(Scope(county=("Essex",))))
    assert [row[0] for row in metrics.progress(essex, Filter(), TODAY).rows] == ["D1"]
    assert len(metrics.progress(two.store, Filter(), TODAY).rows) == 2
    asked = Query(MetricName.DEPARTMENTS, ("month",), Filter(as_of=date(2018, 3, 15)))
    assert metrics.query(essex, asked, TODAY).rows == tuple(
        (month, 1, 1, 1) for month in ("2017-11", "2017-12", "2018-01", "2018-02", "2018-03")
    )


def test_a_table_that_rests_on_counts_kept_back_is_not_lent_through_a_window(
    two: Campaign,
) -> None:
    calls = Derived("calls", "select department_id from outcomes", frozenset({"outcomes"}))
    on_calls = Derived("more", "select department_id from calls", needs=(calls,))
    with (
        pytest.raises(NotPossibleNow, match="kept back"),
        Window(two.store, Sight(small_counts=False)).reading(None, (), (on_calls,)),
    ):
        pass


def test_each_month_of_a_history_is_what_progress_is_on_its_last_day(two: Campaign) -> None:
    until = date(2021, 2, 10)
    for name in (
        MetricName.MHFA_TRAINED,
        MetricName.LAPSED,
        MetricName.EXPIRING_90D,
        MetricName.CIT_TRAINED,
        MetricName.PLEDGED,
        MetricName.SWORN,
    ):
        asked = Query(name, ("month", "state"), Filter(as_of=until))
        rows = metrics.query(two.store, asked, TODAY).rows
        assert len(rows) == 2 * 40
        for month, state, value, n, _ in rows:
            year, number = map(int, month.split("-"))
            day = min(date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1), until)
            then = Query(name, (), Filter(state=(state,), as_of=day))
            assert metrics.query(two.store, then, TODAY).rows == ((value, n, 1),), (name, day)


@settings(max_examples=6, deadline=None)
@given(scenario=scenarios())
def test_many_days_at_once_agree_with_plain_python_on_each(calculator, scenario) -> None:
    tables, day = scenario
    days = [day + timedelta(days=offset) for offset in (-400, -91, -30, -1, 0, 1, 45, 200, 1100)]
    calculator(tables, day)
    columns = ("as_of", *metrics.PROGRESS)
    sql = f"{metrics.model.with_models('progress')} select {', '.join(columns)} from progress"
    rows = calculator.con.execute(sql, {"dates": days}).fetchall()
    found = {(row[0], row[1]): row[1:] for row in rows}
    for each in days:
        for department_id, expected in oracle.progress(tables, each).items():
            row = dict(zip(metrics.PROGRESS, found[each, department_id], strict=True))
            wrong = {n: (row[n], v) for n, v in expected.items() if not agree(row[n], v)}
            assert not wrong, (each, department_id)
