"""The table of departments: searched, most urgent first, unknown never as 0."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from onemind.campaign import contract
from onemind.drawing.tables import department, departments
from onemind.metrics import PROGRESS
from onemind.narrative import Concern


def row(department_id: str, **given: Any) -> dict[str, Any]:
    known = {
        "department_id": department_id, "name": f"{department_id} Police", "state": "MA",
        "stage": "not_pledged", "source": "none", "partnership": "not_reported",
        "policy": "not_reported", "mhfa": "not_reported", "cit": "not_reported",
        "check_counts": False,
    }  # fmt: skip
    return dict.fromkeys(PROGRESS) | known | given


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(PROGRESS))


def ids(rows: pd.DataFrame) -> list[str]:
    return list(rows["department_id"])


def test_who_is_late_longest_comes_first_and_who_has_not_pledged_last() -> None:
    progress = frame(
        row("A"),
        row("B", stage="completed", deadline_on=date(2020, 1, 1)),
        row("C", stage="overdue", deadline_on=date(2021, 1, 1)),
        row("D", stage="due_soon", deadline_on=date(2026, 9, 1)),
        row("E", stage="overdue", deadline_on=date(2019, 1, 1)),
    )
    assert ids(departments.ordered(progress)) == ["E", "C", "D", "B", "A"]


def test_a_search_finds_names_towns_counties_and_ids_by_every_word() -> None:
    progress = frame(
        row("A1", name="Lee Police", municipality="Lee", county="Berkshire"),
        row("A2", name="Lee Sheriff (county)", county="Lee"),
        row("B7", name="Tufts [University]"),
    )
    found = {
        text: ids(departments.searched(progress, text))
        for text in ("lee", "LEE berk", "b7", "tufts [", "lee tufts", "  ", ".*")
    }
    assert found == {
        "lee": ["A1", "A2"], "LEE berk": ["A1"], "b7": ["B7"], "tufts [": ["B7"],
        "lee tufts": [], "  ": ["A1", "A2", "B7"], ".*": [],
    }  # fmt: skip


def test_shares_are_rounded_down_and_unknown_is_not_zero() -> None:
    progress = frame(
        row("A", sworn=200, mhfa_trained=199, cit_trained=0, mhfa="not_met", check_counts=True),
        row("B", sworn=None, mhfa_trained=3),
    )
    table = departments.wide(progress)
    assert table["MHFA trained"].tolist() == [99, pd.NA]
    assert table["CIT trained"].tolist() == [0, pd.NA]
    assert table["Sworn"].tolist() == [200, pd.NA]
    assert table["MHFA"].tolist() == [["✗ Not met"], ["– Not reported"]]
    assert table["Counts"].tolist() == ["⚠ Check", ""]
    assert "State" not in table.columns
    assert "State" in departments.wide(frame(row("A"), row("C", state="VT"))).columns


def test_a_phone_shows_all_four_practices_as_signs() -> None:
    progress = frame(row("A", partnership="met", policy="not_reported", mhfa="unclear",
                         cit="not_met", stage="overdue"))  # fmt: skip
    table = departments.narrow(progress)
    assert table.iloc[0].tolist() == ["A", "A Police", "Overdue", "✓ – ? ✗"]


def test_a_count_kept_back_reads_as_such_and_not_as_nothing() -> None:
    def period(start: date, end: date, calls: int, arrests: int | None) -> dict[str, Any]:
        return {"period_start": start, "period_end": end, "mh_calls": calls, "arrests": arrests}

    names = [field.name for field in contract("outcomes").fields]
    rows = tuple(
        dict.fromkeys(names) | item
        for item in (
            period(date(2024, 1, 1), date(2024, 6, 30), 10, 2),
            period(date(2024, 7, 1), date(2024, 12, 31), 12, None),
            period(date(2025, 1, 1), date(2025, 12, 31), 20, 0),
        )
    )
    years = department.outcome_years(rows)
    assert [(year["year"], year["mh_calls"], year["arrests"]) for year in years] == [
        (2024, 22, None), (2025, 20, 0),
    ]  # fmt: skip
    partner = department.outcomes(years, whole=False).set_index("Count")
    assert list(partner.loc["Arrests"]) == ["fewer than 5 or not given", "0"]
    staff = department.outcomes(years, whole=True).set_index("Count")
    assert staff.loc["Arrests", "2024"] == "not given"


def test_the_months_ahead_are_all_there_with_their_officers() -> None:
    ending = ({"month": date(2026, 7, 1), "officers": 2},)
    months, officers = department.months_ahead(ending, date(2026, 6, 30))
    assert (months[0], months[-1], len(months)) == (date(2026, 6, 1), date(2027, 6, 1), 13)
    assert officers == [0, 2, *[0] * 11]


def test_a_long_name_is_shortened_and_what_is_left_out_is_seen_to_be() -> None:
    assert departments.fitting("Lee Police Department") == "Lee Police Department"
    long = "University of Massachusetts Dartmouth Police Department"
    assert departments.fitting(long) == "University of Massachusetts Dartmouth PD"
    cut = departments.fitting("Office of the Sheriff of the County of Prince of Wales")
    assert len(cut) == departments.LONG
    assert cut.endswith("…")


def test_those_of_a_reason_are_listed_in_its_order_with_why() -> None:
    progress = frame(row("A"), row("B"), row("C"))
    concerns = [
        Concern("C", "C Police", "no reports for 9 months", date(2026, 1, 2), "silent"),
        Concern("A", "A Police", "never reported", None, "silent"),
    ]
    rows = departments.of_concerns(progress, concerns)
    assert ids(rows) == ["C", "A"]
    table = departments.with_reasons(departments.wide(rows), concerns)
    assert list(table["Why"]) == ["no reports for 9 months, since Jan 2, 2026", "never reported"]
    assert list(table.columns)[1:3] == ["Department", "Why"]
