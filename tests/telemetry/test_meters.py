"""The numbers: each has a meaning, moves, and is left out while nobody knows it."""

from __future__ import annotations

from collections.abc import Callable

import prometheus_client
import pytest

from onemind import telemetry
from onemind.errors import NothingChanged, NotPossibleNow, VersionMoved
from onemind.telemetry import meters
from tests.conftest import Campaign
from tests.support.told import families, moved, number, printed

DEPARTMENTS = "department_id,name,type,state\nD1,Lee,municipal,MA\n"
LABELS = {"status", "reason", "work", "page", "outcome"}


def test_the_numbers_are_openmetrics_and_each_says_what_it_is() -> None:
    text = telemetry.exposition()
    assert text.endswith("# EOF\n")
    for name, family in families(text).items():
        assert family.documentation, name
        assert name.startswith(("onemind_", "process_"))


def test_nothing_is_split_by_what_could_name_somebody() -> None:
    assert {getattr(meter, "label", "") for meter in meters.METERS} - {""} == LABELS


def test_the_registry_is_ours_alone() -> None:
    telemetry.start()
    common = prometheus_client.generate_latest().decode()
    assert "onemind_" not in common


def test_a_number_that_nobody_knows_is_left_out() -> None:
    assert number("onemind_backup_age_seconds") is None
    meters.BACKUP_AGE.read_by(lambda: 3600.0)
    assert number("onemind_backup_age_seconds") == 3600
    meters.BACKUP_AGE.read_by(lambda: None)
    assert number("onemind_backup_age_seconds") is None
    meters.BACKUP_AGE.read_by(None)


def test_a_publish_is_counted_by_its_outcome(empty: Campaign) -> None:
    telemetry.start()
    with (
        moved("onemind_publishes_total", outcome="published"),
        moved("onemind_publish_seconds_count"),
    ):
        empty.publish(departments=DEPARTMENTS)
    with (
        moved("onemind_publishes_total", outcome="unchanged"),
        moved("onemind_publish_seconds_count", 0),
        pytest.raises(NothingChanged),
    ):
        empty.publish(departments=DEPARTMENTS)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(VersionMoved(2), "overtaken"), (NotPossibleNow("No."), "refused"), (KeyError(), "failed")],
)
def test_a_publish_that_comes_to_nothing_is_counted_too(error: Exception, outcome: str) -> None:
    telemetry.start()
    with (
        moved("onemind_publishes_total", outcome=outcome),
        pytest.raises(type(error)),
        telemetry.publishing(),
    ):
        raise error


def test_an_upload_with_errors_is_counted_once_for_each_kind(empty: Campaign) -> None:
    telemetry.start()
    with moved("onemind_rejected_uploads_total", reason="type-error"):
        empty.check(pledges="department_id,pledged_on\nD1,soon\nD2,later\n", dates={})
    with moved("onemind_rejected_uploads_total", 0, reason="type-error"):
        empty.check(departments=DEPARTMENTS)


def test_a_reading_of_the_store_is_timed(campaign: Callable[..., Campaign]) -> None:
    made = campaign(departments=DEPARTMENTS)
    telemetry.start()
    with moved("onemind_query_seconds_count"):
        made.progress()


def test_a_redraw_within_another_is_part_of_it() -> None:
    telemetry.start()
    with (
        moved("onemind_redraw_seconds_count", page="Map"),
        telemetry.redraw() as outer,
        telemetry.redraw("Overview") as inner,
    ):
        outer.page = "Map"
        assert inner is outer


def test_an_error_of_a_redraw_is_counted() -> None:
    telemetry.start()
    with (
        moved("onemind_errors_total", work="redraw"),
        moved("onemind_redraw_seconds_count", page="none"),
        pytest.raises(KeyError),
        telemetry.redraw(),
    ):
        raise KeyError


def test_the_command_line_loads_none_of_the_libraries() -> None:
    code = (
        "import sys, onemind.publishing, onemind.cli.publish\n"
        "wanted = ('prometheus_client', 'structlog', 'opentelemetry')\n"
        "print([name for name in wanted if name in sys.modules])"
    )
    assert printed(code) == "[]\n"
