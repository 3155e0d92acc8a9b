"""Columns of shares for tables, in whole percent, rounded down: 100 means all."""

from __future__ import annotations

import pandas as pd


def whole_percents(shares: pd.Series[float]) -> pd.Series[float]:
    """Return shares of 0 to 1 in whole percent, as `words.whole_percent` does one by one."""
    return (pd.to_numeric(shares) * 100).round(9) // 1


def of_sworn(progress: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a count's share of the sworn officers, in whole percent."""
    count, sworn = (pd.to_numeric(progress[name]) for name in (column, "sworn"))
    return whole_percents(count / sworn.where(sworn > 0))
