"""Numbers, days and shares as people read them; every writer of shares against whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from onemind import metrics
from onemind.documents import brief_campaign
from onemind.drawing.charts import completion, training
from onemind.drawing.maps import rows
from onemind.drawing.tables import outcomes, shares
from onemind.metrics import MetricName
from onemind.publishing import effect_words
from onemind.ui.explore import numbers
from onemind.words import (
    UNKNOWN,
    long_day,
    percent,
    percent_to_tenths,
    short_day,
    whole_percent,
    whole_percent_of,
)

MOST = 400
FRACTIONS = [(count, of) for of in range(1, MOST + 1) for count in range(of + 1)]
SHARE = metrics.metric(MetricName.MHFA_SHARE)


def in_the_brief(share: float, monkeypatch: pytest.MonkeyPatch) -> str:
    class Answer:
        rows = ((share, 1, 1),)

    monkeypatch.setattr(metrics, "query", lambda *_: Answer)
    return brief_campaign._number(None, None, date(2026, 1, 1), "mhfa_share")["value"]  # type: ignore[arg-type]


WRITERS: dict[str, Callable[[float], str]] = {
    "words": percent,
    "cards": lambda share: numbers.shown(MetricName.MHFA_SHARE, share),
    "map": lambda share: rows.shown(SHARE, share),
    "effect of a publish": lambda share: effect_words._value(share, is_share=True),
    "completion": completion._whole,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_every_share_of_up_to_400_is_written_alike_and_rounded_down(writer: str) -> None:
    write = WRITERS[writer]
    wrong = [
        (count, of, write(count / of))
        for count, of in FRACTIONS
        if write(count / of) != f"{count * 100 // of}%"
    ]
    assert wrong == []


def test_the_brief_writes_every_hundredth_as_the_cards_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(101):
        assert in_the_brief(count / 100, monkeypatch) == f"{count}%"


def test_columns_of_shares_and_lines_hold_the_same_whole_percents() -> None:
    exact = [count * 100 // of for count, of in FRACTIONS]
    column = pd.Series([count / of for count, of in FRACTIONS])
    assert shares.whole_percents(column).tolist() == exact
    assert training._whole(column) == exact
    assert [whole_percent_of(count, of) for count, of in FRACTIONS] == exact
    counted = pd.DataFrame(FRACTIONS, columns=["trained", "sworn"])
    assert shares.of_sworn(counted, "trained").tolist() == exact


def test_tenths_are_rounded_down_too() -> None:
    for count, of in FRACTIONS:
        tenths = count * 1000 // of
        assert percent_to_tenths(count / of) == f"{tenths // 10}.{tenths % 10}%"
        assert outcomes._percent(count / of) == percent_to_tenths(count / of)


def test_nearly_all_is_never_all() -> None:
    for of in (1_000, 21_000, 800_000, 5_000_000):
        assert whole_percent((of - 1) / of) == 99
        assert percent_to_tenths((of - 1) / of) == "99.9%"


def test_what_is_unknown_is_a_dash() -> None:
    for unknown in (None, float("nan")):
        assert percent(unknown) == percent_to_tenths(unknown) == UNKNOWN
    assert whole_percent_of(None, 3) is whole_percent_of(3, None) is whole_percent_of(0, 0) is None


def test_days_are_written_as_americans_write_them() -> None:
    assert long_day(date(2026, 11, 27)) == "November 27, 2026"
    assert short_day(date(2017, 9, 5)) == "Sep 5, 2017"
