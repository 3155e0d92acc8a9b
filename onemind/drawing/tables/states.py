"""The states side by side: departments, shares and counts of each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from onemind import metrics
from onemind.drawing.tables.shares import whole_percents
from onemind.geography import state_name
from onemind.metrics import MetricName

COUNTS = (MetricName.DEPARTMENTS, MetricName.COMPLETED, MetricName.OVERDUE)
SHARES = (MetricName.PLEDGED_SHARE, MetricName.MHFA_SHARE)
ORDER = (
    MetricName.DEPARTMENTS, MetricName.PLEDGED_SHARE, MetricName.COMPLETED, MetricName.OVERDUE,
    MetricName.MHFA_SHARE,
)  # fmt: skip


def compared(answers: Mapping[MetricName, pd.DataFrame]) -> pd.DataFrame | None:
    """Return departments, shares (percent), counts and n of m of each state, if there are several.

    `answers` are the metrics of COUNTS and SHARES by state.
    """
    parts = {name: answer.set_index("state") for name, answer in answers.items()}
    first = parts[MetricName.DEPARTMENTS]
    if len(first) < 2:
        return None
    table = pd.DataFrame(
        {"state": first.index, "State": [state_name(code) for code in first.index]}
    )
    for name in ORDER:
        column = pd.to_numeric(pd.Series(parts[name]["value"].reindex(first.index).to_numpy()))
        shown = whole_percents(column) if name in SHARES else column
        table[metrics.metric(name).label] = shown
    reported = parts[MetricName.MHFA_SHARE].reindex(first.index)
    table["MHFA known"] = [
        f"{int(n):,} of {int(m):,}" for n, m in zip(reported["n"], reported["m"], strict=True)
    ]
    return table.sort_values("State").reset_index(drop=True)
