"""Tables carried over from another version: equal to those made anew, whatever was published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from onemind import metrics
from onemind.campaign import contracts
from onemind.errors import NothingChanged
from onemind.metrics.numbers import history, progress_on
from onemind.settings import Settings
from onemind.store import Derived, Store, carry, compact, memory, relation, touched
from onemind.store.derived import Table
from onemind.store.publish import commit, compare, restore
from tests.conftest import Campaign, _fill
from tests.support.strategies import Day, Tables, scenarios, tables

DEPARTMENTS = "department_id,name,type,state,sworn_officers\n"
TWO = DEPARTMENTS + "D1,Lee,municipal,MA,2\nD2,Keene,municipal,NH,3\n"
TRAINING = (
    "department_id,officer_id,course,completed_on\nD1,A,MHFA,2017-12-31\nD2,A,CIT,2018-02-28\n"
)
PARTS = 12
DICE = Derived(
    "dice",
    "select department_id, random() as thrown from departments",
    frozenset({"departments"}),
    by_department=True,
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry tables over however small they are."""
    monkeypatch.setattr(carry, "SMALL", 0)


@pytest.fixture
def two(campaign: Callable[..., Campaign], small: None) -> Campaign:
    return campaign(departments=TWO, training=TRAINING)


def thrown(store: Store, version: int) -> dict[str, float]:
    with store.reading(version, (), (DICE,)) as con:
        return dict(con.execute("select department_id, thrown from dice").fetchall())


def test_departments_that_did_not_change_keep_their_rows(two: Campaign) -> None:
    first = thrown(two.store, 1)
    two.publish(departments=DEPARTMENTS + "D2,Keene,municipal,NH,4\nD3,Lynn,municipal,MA,4\n")
    second = thrown(two.store, 2)
    assert second.keys() == {"D1", "D2", "D3"}
    assert second["D1"] == first["D1"]
    assert second["D2"] != first["D2"]


def test_what_a_publish_of_another_dataset_changed_is_not_made_anew(two: Campaign) -> None:
    first = thrown(two.store, 1)
    two.publish(training=TRAINING + "D1,B,MHFA,2018-01-31\n")
    assert thrown(two.store, 2) == first


def test_it_is_carried_back_too(two: Campaign) -> None:
    two.publish(departments=DEPARTMENTS + "D2,Keene,municipal,NH,4\n")
    second, first = thrown(two.store, 2), thrown(two.store, 1)
    assert first["D1"] == second["D1"]
    assert first["D2"] != second["D2"]


def test_what_others_rest_on_stays_until_they_are_gone(two: Campaign) -> None:
    first = thrown(two.store, 1)["D1"]
    for number in range(2, 2 * memory.VERSIONS + 2):
        two.publish(departments=DEPARTMENTS + f"N{number},Lynn,municipal,MA,4\n")
        found = thrown(two.store, number)
        assert found["D1"] == first
        assert len(found) == number + 1
    assert thrown(two.store, 1)["D1"] == first


@pytest.mark.parametrize(("name", "value"), [("DEPARTMENTS", 0), ("SMALL", 1_000)])
def test_where_it_does_not_pay_all_is_made_anew(
    two: Campaign, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    first = thrown(two.store, 1)
    two.publish(departments=DEPARTMENTS + "D2,Keene,municipal,NH,4\n")
    monkeypatch.setattr(carry, name, value)
    assert thrown(two.store, 2)["D1"] != first["D1"]


def test_a_record_that_does_not_add_up_is_not_believed(
    two: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.publish(departments=DEPARTMENTS + "D2,Keene,municipal,NH,4\n")
    (step,) = two.store._steps(1, 2)
    wrong = {"departments": {"added": 1, "changed": 1, "removed": 0}}
    for counts, found in ((step.counts, {"D2"}), (wrong, None)):
        seen = [touched.Step(step.number, step.first, step.last, counts)]
        known = touched.Touched(two.store.cursor, partial(_always, seen))
        assert known.between(1, 2, ["departments"]) == found
    assert known.between(1, 2, ["training"]) == frozenset()
    monkeypatch.setattr(touched, "STEPS", 0)
    assert known.between(1, 2, ["training"]) is None


def _always(steps: list[touched.Step], first: int, last: int) -> list[touched.Step]:
    return steps


# --- any publish ----------------------------------------------------------------------------------

DATASETS = ("departments", "pledges", "officers", "training", "training_totals", "partnerships")


def made_tables(day: Day) -> Iterator[Table]:
    """Yield every table that is carried over: datasets, what is made once, days and months."""
    yield from DATASETS
    yield from (metrics.model.derived(name) for name in metrics.model.ONCE)
    yield progress_on(day)
    yield metrics.model.derived("mhfa_holders", days=(day,))
    yield history(day.year - 2, day.year)


def rows(store: Store, number: int, table: Table) -> list[tuple[object, ...]]:
    """Return what a version's table holds, in order."""
    name = table if isinstance(table, str) else table.name
    datasets, made = ([table], ()) if isinstance(table, str) else ((), (table,))
    with store.reading(number, datasets, made) as con:
        return con.execute(f"from {name} order by all").fetchall()


def publish(store: Store, wanted: Tables) -> None:
    """Publish a campaign in place of what there is, by the smallest difference."""
    base = store.current()
    with store.cursor() as con:
        deltas = []
        for name, parsed in contracts().items():
            _fill(con, name, wanted.get(name, []))
            new = f"select {', '.join(parsed.columns)} from temp.{name}"
            deltas.append(compare(con, name, relation(name, base), new))
        commit(store, con, deltas, base, "tester", "test")


def mixed(old: Tables, new: Tables, departments: set[str]) -> Tables:
    """Return a campaign in which these departments are as in `new`, and the others as in `old`."""
    return {
        name: [row for row in old[name] if row.get("department_id") not in departments]
        + [row for row in new[name] if row.get("department_id") in departments]
        for name in old
    }


def check_all(store: Store, day: Day, numbers: range) -> None:
    """Every table of these versions holds what a store that has nothing in memory makes."""
    for number in numbers:
        fresh = Store(store.settings)
        rows(fresh, number, progress_on(day))  # at once, for no months are made yet
        for table in made_tables(day):
            assert rows(store, number, table) == rows(fresh, number, table), (number, table)
        assert not any(copy.carried for copy in fresh._memory._copies.values())
        fresh.close()


def one_campaign(
    folder: Path, scenario: tuple[Tables, Day], other: Tables, chosen: set[str], viewed: int
) -> None:
    """Publish, change some departments, compact, and go back; compare every table each time."""
    (old, day), after = scenario, mixed(scenario[0], other, chosen)
    store = Store(Settings(store=folder / "store"))
    publish(store, old)
    check_all(store, day, range(1, 2))
    with suppress(NothingChanged):
        publish(store, after)
        check_all(store, day, range(2, 3))
        compact.compact(store)
        publish(store, mixed(after, old, set(sorted(chosen)[:1])))
        restore(store, 1, "tester", "back")
    check_all(store, day, range(1, len(store.versions()) + 1))
    carried = [name for copy in store._memory._copies.values() for name in copy.carried]
    assert carried or not viewed or len(store.versions()) == 1
    store.close()


def any_campaign(scenario: tuple[Tables, Day], data: st.DataObject) -> None:
    ids = [row["department_id"] for row in scenario[0]["departments"]]
    chosen = data.draw(st.sets(st.sampled_from(ids)))
    viewed = data.draw(st.sampled_from([0, 500]))
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(carry, "SMALL", 0)
        patch.setattr(carry, "VIEWED", viewed)
        other = data.draw(tables(scenario[1]))
        one_campaign(Path(folder), scenario, other, chosen, viewed)


@settings(max_examples=2, deadline=None)
@given(scenario=scenarios(), data=st.data())
def test_what_is_carried_over_is_what_would_be_made_anew(
    scenario: tuple[Tables, Day], data: st.DataObject
) -> None:
    any_campaign(scenario, data)


# A test may take five minutes (faulthandler_timeout), so that the long one comes in parts.
@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_so_it_is_after_many_publishes(part: int) -> None:
    @seed(part)
    @settings(max_examples=5, deadline=None)
    @given(scenario=scenarios(), data=st.data())
    def holds(scenario: tuple[Tables, Day], data: st.DataObject) -> None:
        any_campaign(scenario, data)

    holds()
