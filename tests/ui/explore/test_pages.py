"""Training, Partners, Outcomes and Methodology as each role sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from onemind import runtime, ui
from onemind.access import User
from onemind.campaign import Filter, Scope
from onemind.metrics import MetricName, metrics
from onemind.ui import plain
from onemind.ui.base import queries, visitor
from tests.conftest import TODAY, Campaign
from tests.support.screens import labels, screen, words

Open = Callable[..., AppTest]


@pytest.fixture
def page(
    sample: Campaign, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> Open:
    """Open a page on the sample as somebody; keywords go into the address."""

    def run(title: str, role: str = "admin", scope: Scope = Scope(), **parameters: Any) -> AppTest:  # noqa: B008
        look_at(sample.folder / "store")
        monkeypatch.setattr(visitor, "user", lambda: User("someone", role, scope))
        app = screen(f"pages/explore/{title}.py", **parameters)
        assert not app.exception
        return app

    return run


def rows(app: AppTest, key: str) -> Any:
    """The table of that key."""
    return next(item.value for item in app.dataframe if key in str(item.proto.id))


def test_training_says_n_of_m_and_flags_counts_to_check(page: Open) -> None:
    app = page("training", "partner", as_of="2026-06-30")
    said = words(app)
    assert "of 393 departments reported training" in said
    assert "At the pace of the last 180 days (" in said
    assert any("more officers trained" in item.label for item in app.expander)


def test_training_in_a_scope_knows_no_other_department(page: Open) -> None:
    app = page("training", "partner", Scope(county=("Dukes",)), as_of="2026-06-30")
    assert "of 8 departments reported training" in words(app)
    assert not [item for item in app.dataframe if "training_table" in str(item.proto.id)]
    app.session_state["fold_departments"] = True
    assert set(rows(app.run(), "training_table")["County"]) == {"Dukes"}


def test_a_partner_has_its_own_address_and_only_a_safe_link(page: Open) -> None:
    app = page("partners", "partner", partner="P-001", as_of="2026-06-30")
    heading = plain("Barnstable Community Behavioral Health Center (sample)")
    assert heading in [item.value for item in app.subheader]
    (link,) = app.get("link_button")
    assert link.proto.url == "https://example.org/p-001"


def test_an_unknown_partner_says_so_and_offers_the_list(page: Open) -> None:
    app = page("partners", "partner", partner="<script>")
    assert "There is no partner '\\<script\\>'" in app.error[0].value


def test_gaps_are_not_called_proof(page: Open) -> None:
    assert "None on record is not proof of none" in words(page("partners", "viewer"))


@pytest.mark.parametrize(("role", "told"), [("partner", True), ("viewer", True), ("staff", False)])
def test_outcomes_say_what_is_kept_back_to_whom_it_is(page: Open, role: str, told: bool) -> None:
    app = page("outcomes", role, as_of="2026-06-30")
    assert ("Counts of people under 5 are withheld" in words(app)) is told
    assert ("Each point is a" in labels(app, "button_group")) is not told
    app.session_state["fold_departments"] = True
    listed = rows(app.run(), "departments with outcomes")
    assert ("fewer than 5, or not given" in listed.to_string()) is told


def test_outcomes_of_a_running_year_are_for_staff(page: Open) -> None:
    calls = {
        role: next(m.value for m in page("outcomes", role, as_of="2026-06-30").metric
                   if m.label == "Mental-health calls")
        for role in ("partner", "staff")
    }  # fmt: skip
    assert calls == {"partner": "50,030", "staff": "59,231"}


def test_before_and_after_names_no_cause_to_anybody(page: Open) -> None:
    for role in ("partner", "staff"):
        said = words(page("outcomes", role, as_of="2026-06-30"))
        assert "says nothing about why they differ" in said


def test_the_methodology_has_a_heading_for_each_number(page: Open) -> None:
    app = page("methodology", "partner")
    anchors = {item.proto.anchor for item in app.subheader}
    assert set(metrics()) <= anchors
    assert "Tell the person who gave you this address" in words(app)
    assert "tester" not in words(app)
    assert "Tell tester, who published version 1" in words(page("methodology", "viewer"))


def test_a_contact_makes_the_report_a_mail(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEMIND_CONTACT", "data@example.org")
    (link,) = page("methodology", "partner").get("link_button")
    assert link.proto.url.startswith("mailto:data@example.org?subject=Possible%20error")


def test_a_number_the_address_names_comes_first(page: Open) -> None:
    assert page("methodology", number="arrest_share").subheader[0].value == "Arrests"
    assert page("methodology", number="<script>").subheader[0].value == "Pledged"


def test_what_was_kept_of_a_version_is_not_shown_once_it_is_old(
    campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else 9 arrests now minus the 8 of before, kept in memory, would be somebody."""
    outcomes = "department_id,period_start,period_end,mh_calls,arrests\nA,2019-01-01,2019-12-31,60,"
    departments = "department_id,name,type,state\nA,Adams,municipal,MA\n"
    made = campaign(departments=departments, outcomes=outcomes + "8\n")
    monkeypatch.setattr(runtime, "store", lambda: made.store)
    shown = {}
    for role in ("partner", "staff"):
        monkeypatch.setattr(visitor, "user", lambda role=role: User("someone", role))
        shown[role, "new"] = calls_of_version_1(made)
    campaign(outcomes=outcomes + "9\n")
    for role in ("partner", "staff"):
        monkeypatch.setattr(visitor, "user", lambda role=role: User("someone", role))
        shown[role, "old"] = calls_of_version_1(made)
    assert shown == {
        ("partner", "new"): (60, 1), ("staff", "new"): (60, 1),
        ("partner", "old"): (None, 0), ("staff", "old"): (60, 1),
    }  # fmt: skip


def calls_of_version_1(made: Campaign) -> tuple[object, int]:
    """The calls by the metric, and the rows of the dataset, of version 1 as seen now."""
    version, newest = made.store.version(1), made.store.current()
    assert version and newest
    view = ui.View(Filter(as_of=TODAY, version=1), version, newest)
    return ui.value(view, MetricName.MH_CALLS), len(queries.dataset(view, "outcomes"))
