"""What departments came to between two points, by what `progress` says of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from onemind import metrics
from onemind.campaign import Filter
from onemind.errors import NotPossibleNow, WrongUse
from onemind.metrics import REACHED, MetricName, Point, Query, points
from tests.conftest import TODAY, Campaign

DEPARTMENTS = "department_id,name,type,state\n" + "".join(
    f"{name},{name},municipal,MA\n" for name in "ABCDE"
)
PLEDGES = "department_id,pledged_on,completion_confirmed_on,withdrawn_on\n"
FIRST = PLEDGES + "A,2023-06-20,,\nB,2024-01-10,,\nC,2022-01-10,,\nE,2024-01-10,,2025-01-01\n"


def reached(campaign: Campaign, before: Point, after: Point) -> dict[str, list[str]]:
    found = metrics.changes(campaign.store, before, after)
    return {
        what: names
        for what in REACHED
        if (names := [row["department_id"] for row in found.reached(what)])
    }


def test_a_deadline_that_passes_is_news_on_its_day_and_once(
    campaign: Callable[..., Campaign],
) -> None:
    one = campaign(departments=DEPARTMENTS, pledges=FIRST)
    day = date(2026, 6, 20)  # A is due
    step = timedelta(days=1)
    assert reached(one, Point(1, day - step), Point(1, day)) == {}
    assert reached(one, Point(1, day), Point(1, day + step)) == {"overdue": ["A"]}
    assert reached(one, Point(1, day + step), Point(1, day + 2 * step)) == {}


def test_a_version_brings_pledges_completions_and_what_is_late_already(
    campaign: Callable[..., Campaign],
) -> None:
    one = campaign(departments=DEPARTMENTS, pledges=FIRST)
    one.publish(
        pledges=PLEDGES + "B,2024-01-10,2026-06-01,\nD,2022-05-05,,\nE,2026-02-02,,\n",
    )
    found = reached(one, Point(1, TODAY), Point(2, TODAY))
    # E had withdrawn, and pledges again; D's pledge was made known after its deadline.
    assert found == {"pledged": ["D", "E"], "completed": ["B"], "overdue": ["D"]}
    assert reached(one, Point(2, TODAY), Point(2, TODAY)) == {}


def test_the_counts_differ_by_as_many_as_came_less_those_that_left(sample: Campaign) -> None:
    before, after = Point(1, date(2024, 1, 1)), Point(1, TODAY)
    found = metrics.changes(sample.store, before, after)
    back = metrics.changes(sample.store, after, before)
    for what in REACHED:
        name = MetricName(what)
        old, new = (
            metrics.query(sample.store, Query(name, (), Filter(as_of=point.day)), TODAY).rows[0][0]
            for point in (before, after)
        )
        assert new - old == len(found.reached(what)) - len(back.reached(what)), what


def test_since_is_a_day_or_a_version(campaign: Callable[..., Campaign]) -> None:
    one = campaign(departments=DEPARTMENTS)
    today = date.today()
    assert points.since(one.store, "1", today) == Point(1, today)
    # Nothing was published then: what the newest version says happened since is the news.
    assert points.since(one.store, "2020-01-31", today) == Point(1, date(2020, 1, 31))
    assert points.since(one.store, None, today) == Point(1, today - timedelta(days=7))
    one.publish(departments=DEPARTMENTS + "F,F,municipal,MA\n")
    assert points.since(one.store, "1", today) == Point(1, today)
    assert points.since(one.store, f"{today}", today) == Point(2, today)
    assert points.newest(one.store, today) == Point(2, today)
    for text, said in (("soon", "neither a date"), ("2999-01-01", "still to come"), ("9", "9")):
        with pytest.raises(WrongUse, match=said):
            points.since(one.store, text, today)


def test_who_was_told_of_the_sample_or_of_a_version_that_is_gone_is_told_from_the_day(
    empty: Campaign,
) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        points.told(empty.store, None, TODAY)
    empty.publish_sample()
    assert points.told(empty.store, 1, TODAY) == Point(1, TODAY)
    empty.publish(departments=DEPARTMENTS)
    assert points.told(empty.store, 1, TODAY) == Point(2, TODAY)
    assert points.told(empty.store, 7, TODAY) == Point(2, TODAY)
    assert points.told(empty.store, 2, TODAY) == Point(2, TODAY)
