"""What the charts of training say, in words: who is behind them, against what, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

MEASURE = (
    "MHFA is measured as a department's edition asks: where that is officers trained in either "
    "course, those are counted."
)


def behind(progress: pd.DataFrame, known: pd.DataFrame) -> str:
    """Say how many of the departments are behind the shares; `known` are those with a share."""
    reported = progress["source"].ne("none").sum()
    words = f"{reported:,} of {len(progress):,} departments reported training"
    unknown = int(reported - len(known))
    return words + (
        f"; of {unknown:,} of them the sworn officers are not known." if unknown else "."
    )


def departments(rows: pd.DataFrame, start: int, of: int, order: str, by_county: bool) -> str:
    """Say which departments a chart has, the first of them at place `start`, and who meets what."""
    return (
        f"Departments {start + 1} to {start + len(rows)} of {of:,} by "
        f"{order.lower()}{', county by county' if by_county else ''}. Of them "
        f"{rows['mhfa'].eq('met').sum()} met the MHFA practice and "
        f"{rows['cit_status'].eq('met').sum()} the CIT practice. The table below lists all. "
        f"{MEASURE}"
    )


def pooled(by: str, shown: int, of: int) -> str:
    """Say what a chart of counties or states has, and how many it leaves out."""
    sentence = (
        f"{by.capitalize()} by {by}, pooled: officers trained among sworn officers of departments "
        f"that reported; “n of m” are those departments. {MEASURE} "
    )
    if shown < of:
        sentence += f"The {shown} furthest behind of {of:,}; narrow the filter to see others."
    return sentence


def over_months(mhfa: pd.DataFrame, cit: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return both shares by group and month: mhfa_share, cit_share, and `behind`, who reported.

    Each frame has the group's column, month, value, n and m.
    """
    frame = mhfa.merge(cit, on=[by, "month"], suffixes=("", "_cit"))
    frame = frame.rename(columns={"value": "mhfa_share", "value_cit": "cit_share"})
    frame["behind"] = [
        f"{n:,} of {m:,} departments reported" for n, m in zip(frame["n"], frame["m"], strict=True)
    ]
    return frame


def panels(names: Sequence[str]) -> str:
    """Say what a chart of small lines shows."""
    return f"MHFA and CIT share of sworn officers over time, a panel each: {', '.join(names)}"


def ending(months: pd.DataFrame, progress: pd.DataFrame, spans: Mapping[str, int]) -> str:
    """Say how many certificates end in the months ahead, and of whom that is known."""
    records = progress["source"].eq("records").sum()
    return (
        f"{months['officers'].sum():,} officers hold an MHFA certificate that expires "
        "in the next 24 months, with no later one. Recertification opens in the last "
        f"{spans['expiring_days']} "
        f"days; a reminder is due {spans['reminder_days']} days before expiration. Known for the "
        f"{records:,} of {len(progress):,} departments that send records."
    )


def projected(rows: pd.DataFrame) -> str:
    """Say how many of these departments would finish after their deadline."""
    late = rows["outlook"].eq("late").sum()
    return (
        f"Latest first: of these {len(rows)} departments, {late} would finish after the deadline, "
        f"{len(rows) - late} by it. The bar shows the pace plus or minus the square "
        "root of the officers counted. It leaves out classes that are planned or were "
        "just held."
    )
