"""Numbers on cards: how a change is said, and the line of the last year."""

from __future__ import annotations

from base64 import b64decode

import pytest

from onemind.drawing.charts import spark
from onemind.metrics import MetricName
from onemind.ui.explore import numbers


@pytest.mark.parametrize(
    ("metric", "before", "now", "said"),
    [
        (MetricName.PLEDGED, 3, 5, "+2 in 30 days"),
        (MetricName.PLEDGED, 1005, 5, "−1,000 in 30 days"),
        (MetricName.PLEDGED, 5, 5, "no change in 30 days"),
        (MetricName.MHFA_SHARE, 0.5, 0.525, "+2.5 points in 30 days"),
        (MetricName.MHFA_SHARE, 0.5, 0.5001, "no change in 30 days"),
        (MetricName.MHFA_SHARE, None, 0.5, "no earlier figure"),
        (MetricName.MHFA_SHARE, 0.5, None, ""),
    ],
)
def test_a_change_is_said_in_words(
    metric: MetricName, before: float | None, now: float | None, said: str
) -> None:
    assert numbers.change(metric, before, now, "in 30 days") == said


@pytest.mark.parametrize(
    ("value", "shown"), [(0.29, "29%"), (0.999, "99%"), (1.0, "100%"), (None, "–")]
)
def test_a_share_is_rounded_down_so_that_100_means_all(value: float | None, shown: str) -> None:
    assert numbers.shown(MetricName.MHFA_SHARE, value) == shown


def picture(image: str) -> str:
    return b64decode(image.partition("base64,")[2].partition('"')[0]).decode()


def test_a_line_goes_from_the_first_known_value_to_the_last_and_is_read_as_its_text() -> None:
    image = spark.spark([None, 1, 3, 2], "#0b4a5c", 'Pledged: "1" to 2')
    assert 'alt="Pledged: &quot;1&quot; to 2"' in image
    line = picture(image).partition('<polyline points="')[2].partition('"')[0]
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    assert [x for x, _ in points] == [66.7, 133.3, 200.0]
    low, high, last = (y for _, y in points)
    assert high < last < low


def test_a_level_line_lies_half_way_up_and_one_value_is_no_line() -> None:
    assert ",17.0 " in picture(spark.spark([5, 5, 5], "#000000", "level"))
    assert spark.spark([None, 5], "#000000", "one") == ""
