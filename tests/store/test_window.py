"""What somebody sees of the store: their scope, no contacts, no small counts, and no way around."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from onemind import metrics
from onemind.access import User
from onemind.access.roles import ROLES
from onemind.campaign import EVERYTHING, Filter, Scope, Sight
from onemind.errors import WrongUse
from onemind.metrics import Query
from onemind.store import Window
from tests.conftest import TODAY, Campaign

DEPARTMENTS = """department_id,name,type,county,state,sworn_officers,contact_name,contact_email
W1,Worcester,municipal,Worcester,MA,100,Ann Lee,ann@example.org
E1,Lynn,municipal,Essex,MA,50,Bob Ray,bob@example.org
E2,Salem State,campus,Essex,MA,10,,
N1,Keene,municipal,Cheshire,NH,20,,
"""
OUTCOMES = """department_id,period_start,period_end,mh_calls,arrests,referred_to_care
W1,2019-01-01,2019-06-30,40,3,20
W1,2019-07-01,2019-12-31,40,3,
E1,2019-01-01,2019-12-31,30,2,12
E2,2019-01-01,2019-12-31,3,0,1
N1,2020-01-01,2020-12-31,50,10,25
"""
FEEDBACK = """department_id,course,period_start,responses,rated_beneficial
W1,MHFA,2019-01-01,6,5
W1,MHFA,2019-07-01,14,10
E1,MHFA,2019-01-01,10,8
E2,MHFA,2019-01-01,4,4
"""
PARTNERS = "partner_id,name,kind,state\nP1,NAMI Essex,nami,MA\nP2,Court,court,NH\n"
PARTNERSHIPS = "department_id,partner_id,kind,signed_on\nE1,P1,referral,2018-01-01\n"
PARTNERSHIPS += "N1,P2,referral,2018-01-01\n"
PARTNER = Sight(EVERYTHING, contacts=False, small_counts=False)
ESSEX = Sight(Scope(state=("MA",), county=("Essex",)), contacts=False, small_counts=False)


@pytest.fixture
def seen(campaign: Callable[..., Campaign]) -> Callable[[Sight], Window]:
    made = campaign(
        departments=DEPARTMENTS, outcomes=OUTCOMES, feedback=FEEDBACK, partners=PARTNERS,
        partnerships=PARTNERSHIPS,
    )  # fmt: skip
    return lambda sight: Window(made.store, sight)


def ids(window: Window, dataset: str, key: str = "department_id") -> set[str]:
    return {row[key] for row in metrics.export.dataset(window, dataset).records()}


def value(window: Window, metric: str, as_of: str = "2026-06-30", **where: Any) -> Any:
    chosen = Filter(as_of=date.fromisoformat(as_of), **where)
    return metrics.query(window, Query(metrics.metric_name(metric), (), chosen), TODAY).rows[0][0]


def test_a_scope_narrows_every_dataset(seen: Callable[[Sight], Window]) -> None:
    window = seen(ESSEX)
    assert ids(window, "departments") == {"E1", "E2"}
    assert ids(window, "partnerships") == {"E1"}
    assert ids(window, "partners", "partner_id") == {"P1"}
    assert ids(window, "outcomes") == {"E1"}  # E2: a year of three calls
    assert ids(seen(Sight(ESSEX.scope)), "outcomes") == {"E1", "E2"}
    assert value(window, "departments") == 2
    assert value(window, "departments", county=("Worcester",)) == 0


def test_each_dimension_of_a_scope_narrows(seen: Callable[[Sight], Window]) -> None:
    for scope, expected in (
        (Scope(state=("NH",)), {"N1"}),
        (Scope(type=("campus",)), {"E2"}),
        (Scope(department_id=("W1", "N1")), {"W1", "N1"}),
        (Scope(state=("MA",), type=("municipal",)), {"W1", "E1"}),
        (Scope(state=("MA'; drop",)), set()),
    ):
        assert ids(seen(Sight(scope)), "departments") == expected


def test_contacts_are_gone_for_whoever_may_not_see_them(seen: Callable[[Sight], Window]) -> None:
    contacts = {
        row["contact_name"]
        for row in metrics.export.dataset(seen(PARTNER), "departments").records()
    }
    assert contacts == {None}
    assert "Ann Lee" in str(metrics.export.dataset(seen(Sight()), "departments").rows)


def test_small_counts_are_gone_and_whole_years_remain(seen: Callable[[Sight], Window]) -> None:
    rows = {
        row["department_id"]: row
        for row in metrics.export.dataset(seen(PARTNER), "outcomes").records()
    }
    assert (rows["W1"]["mh_calls"], rows["W1"]["arrests"]) == (80, 6)
    assert rows["W1"]["referred_to_care"] is None  # not given for half of the year
    assert (rows["E1"]["mh_calls"], rows["E1"]["arrests"]) == (30, None)
    assert "E2" not in rows  # "0 arrests" would say of all three that they were not
    assert rows["N1"]["arrests"] == 10


def test_totals_are_made_of_what_may_be_shown(seen: Callable[[Sight], Window]) -> None:
    """Total minus parts gives nothing: Essex' two arrests are in no sum."""
    window = seen(PARTNER)
    everything, essex = (value(window, "mh_calls", county=county) for county in ((), ("Essex",)))
    assert (everything, essex) == (160, 30)
    assert value(window, "arrest_share", state=("MA",)) == 6 / 80
    assert value(window, "arrest_share", state=("MA",), county=("Worcester",)) == 6 / 80
    assert value(seen(Sight()), "arrest_share", state=("MA",)) == 8 / 113


def test_a_year_counts_only_when_it_is_over(seen: Callable[[Sight], Window]) -> None:
    """Else one as-of date minus another would be a month's count."""
    assert value(seen(PARTNER), "mh_calls", "2019-07-15") is None
    assert value(seen(Sight()), "mh_calls", "2019-07-15") == 40
    assert value(seen(PARTNER), "mh_calls", "2019-12-31") == 110


def test_few_ratings_are_left_out_whichever_way_they_are_few(
    seen: Callable[[Sight], Window],
) -> None:
    """E1: eight of ten were pleased, so two were not."""
    rows = metrics.export.dataset(seen(PARTNER), "feedback").records()
    assert [(r["department_id"], r["responses"], r["rated_beneficial"]) for r in rows] == [
        ("W1", 20, 15)
    ]


def test_a_sight_held_at_a_version_shows_no_other(
    seen: Callable[[Sight], Window], campaign: Callable[..., Campaign]
) -> None:
    first = seen(Sight(version=1))
    campaign(departments=DEPARTMENTS.replace("Lynn", "Lynnfield"))
    assert first.current() == first.store.version(1)
    assert "Lynnfield" not in str(metrics.export.dataset(first, "departments").rows)
    with pytest.raises(WrongUse, match="fixed at 1"):
        metrics.export.dataset(first, "departments", 2)


def test_no_metric_and_no_row_differs_for_whoever_sees_everything(
    seen: Callable[[Sight], Window],
) -> None:
    window = seen(Sight())
    for name in metrics.metrics():
        asked = Query(name, ("state",))
        assert metrics.query(window, asked, TODAY) == metrics.query(window.store, asked, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "state",
        "state=",
        "city=Lee",
        "state=MA;state=NH",
        "state=MA;",
        "state=MA county=Essex=1;x",
    ],
)
def test_a_scope_that_is_not_clear_is_refused_and_never_wider(text: str) -> None:
    with pytest.raises(WrongUse, match="is not a scope"):
        Scope.from_text(text)


def test_a_scope_is_written_as_it_is_read() -> None:
    for text in ("all", "state=MA", "state=MA,NH;county=Essex;type=campus;department_id=D1,D2"):
        assert Scope.from_text(text).text() == text
    assert Scope.from_text("state=MA;county=Essex").words() == "Massachusetts, county Essex"


def test_only_staff_see_contacts_and_small_counts() -> None:
    for role in ROLES:
        sight = User("someone", role).sight
        assert sight.contacts == sight.small_counts == (role in ("staff", "admin"))


def test_what_differs_between_two_versions_is_narrowed_to_the_scope(empty: Campaign) -> None:
    header = "department_id,name,type,county,state,contact_name\n"
    empty.publish(
        departments=f"{header}A,Avon,municipal,Essex,MA,Pat\nB,Bath,municipal,Dukes,MA,Q\n"
    )
    empty.publish(
        departments=f"{header}A,Avon,municipal,Essex,MA,Sam\nB,Bay,municipal,Dukes,MA,Q\n"
    )
    names = ("departments", "partners")
    whole = Window(empty.store, Sight()).changes(1, 2, names, 10)
    assert [(diff.dataset, diff.changed, len(diff.changes)) for diff in whole] == [
        ("departments", 2, 2), ("partners", 0, 0),
    ]  # fmt: skip
    essex = Scope(county=("Essex",))
    (mine, _) = Window(empty.store, Sight(essex)).changes(1, 2, names, 10)
    assert [change.after for change in mine.changes] == [{"contact_name": "Sam"}]
    (without, _) = Window(empty.store, Sight(essex, contacts=False)).changes(1, 2, names, 10)
    assert without.empty
    assert len(Window(empty.store, Sight()).changes(1, 2, names, 1)[0].changes) == 1
