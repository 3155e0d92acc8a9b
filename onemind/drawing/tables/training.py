"""The Training page's frames: how far each department is, in what order, and when it would be done.

The MHFA practice is measured as the department's edition says: by MHFA certificates, or by either
course; what is known as a range stays one.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, sqrt

import pandas as pd

from onemind.campaign import Rules

ORDERS = {
    "behind": "Furthest behind",
    "missing": "Most officers missing",
    "deadline": "Deadline",
    "name": "Name",
}
FEW = 5  # officers trained within the pace's days; fewer say nothing about the future
FORECASTS = {
    "late": "after the deadline",
    "on_time": "by the deadline",
    "open": "no deadline: no pledge in force",
    "few": "too few to say",
    "no_pace": "no officer newly trained",
    "unknown": "not known",
    "done": "nobody missing",
}


def either(rules: Rules) -> frozenset[str]:
    """Return the editions whose MHFA practice counts officers trained in either course."""
    needs = (need for practice in rules.practices for need in practice.needs)
    return frozenset(
        need.edition for need in needs if need.measure == "either"
    )  # only MHFA is measured so


def completion(progress: pd.DataFrame, either: frozenset[str]) -> pd.DataFrame:
    """Return the departments whose share is known, with low, high and cit as shares of sworn,
    the statuses `mhfa` and `cit_status`, and `missing`, the officers not yet trained.
    """
    rows = progress[(progress["source"] != "none") & progress["sworn"].notna()]
    by_either = rows["edition"].isin(either)
    numbers = rows[["sworn", "mhfa_trained", "cit_trained", "trained_low", "trained_high"]]
    numbers = numbers.apply(pd.to_numeric)
    low = numbers["trained_low"].where(by_either, numbers["mhfa_trained"])
    high = numbers["trained_high"].where(by_either, numbers["mhfa_trained"])
    names = ["department_id", "name", "county", "state", "deadline_on", "mhfa", "check_counts"]
    return rows[names].assign(
        sworn=numbers["sworn"],
        trained=low,
        low=low / numbers["sworn"],
        high=high / numbers["sworn"],
        cit=numbers["cit_trained"] / numbers["sworn"],
        cit_status=rows["cit"],
        missing=numbers["sworn"] - low,
    )


def ordered(rows: pd.DataFrame, order: str, by_county: bool = False) -> pd.DataFrame:
    """Return the rows of `completion` in one of ORDERS, within their counties if asked."""
    keys: dict[str, tuple[list[str], list[bool]]] = {
        "behind": (["low", "missing", "name"], [True, False, True]),
        "missing": (["missing", "name"], [False, True]),
        "deadline": (["deadline_on", "low", "name"], [True, True, True]),
        "name": (["name", "department_id"], [True, True]),
    }
    columns, rising = keys[order]
    if by_county:
        columns, rising = ["state", "county", *columns], [True, True, *rising]
    return rows.sort_values(columns, ascending=rising, na_position="last")


def groups(rows: pd.DataFrame, everyone: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return `completion` pooled by a dimension: low, high, cit as shares of the pooled sworn, how
    many departments meet each practice, and n of m departments behind it; least first.
    """
    counts = rows.assign(
        high_count=rows["high"] * rows["sworn"],
        cit_count=rows["cit"] * rows["sworn"],
        mhfa_met=rows["mhfa"].eq("met"),
        cit_met=rows["cit_status"].eq("met"),
        n=1,
    )
    columns = ["sworn", "trained", "high_count", "cit_count", "missing", "mhfa_met", "cit_met", "n"]
    pooled = counts.groupby(by, dropna=False)[columns].sum()
    pooled["m"] = everyone.groupby(by, dropna=False).size().reindex(pooled.index)
    for share, count in (("low", "trained"), ("high", "high_count"), ("cit", "cit_count")):
        pooled[share] = pooled[count] / pooled["sworn"]
    pooled.index = pooled.index.fillna("unknown")
    return pooled.rename_axis("name").reset_index().sort_values(["low", "name"])


def forecast(
    progress: pd.DataFrame, either: frozenset[str], as_of: date, pace_days: int
) -> pd.DataFrame:
    """Return each department's forecast: outlook (of FORECASTS), officers counted within the pace's
    days, missing, projected_on, earliest_on and latest_on (the pace give or take the square root
    of the officers counted), deadline_on, months_late (whole months; below 0 is early).

    Dates are given only where at least FEW officers are behind the pace.
    """
    known = completion(progress, either).set_index("department_id")
    names = ["department_id", "name", "county", "state", "deadline_on", "projected_on"]
    rows = progress[names].copy()
    rows["missing"] = rows["department_id"].map(known["missing"])
    pace = pd.to_numeric(progress["pace_per_month"]) * pace_days / 30.44
    rows["officers"] = pace.round()
    rows["outlook"] = _outlooks(rows)
    has_forecast = rows["outlook"].isin(("late", "on_time", "open"))
    rows["projected_on"] = rows["projected_on"].where(has_forecast, None)
    for column, sign in (("earliest_on", 1), ("latest_on", -1)):
        rows[column] = [
            as_of + timedelta(ceil(gap * pace_days / (count + sign * sqrt(count))))
            if shown
            else None
            for gap, count, shown in zip(
                rows["missing"], rows["officers"], has_forecast, strict=True
            )
        ]
    days = pd.to_datetime(rows["projected_on"]) - pd.to_datetime(rows["deadline_on"])
    rows["months_late"] = (days.dt.days / 30.44).round()
    return rows


def pending(
    progress: pd.DataFrame, either: frozenset[str], as_of: date, pace_days: int
) -> pd.DataFrame:
    """Return the forecasts of departments with officers missing, the latest first."""
    rows = forecast(progress, either, as_of, pace_days)
    rows = rows[rows["outlook"] != "done"]
    return rows.sort_values(["months_late", "name"], ascending=[False, True], na_position="last")


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts that a chart can show against a deadline."""
    return rows[rows["projected_on"].notna() & rows["deadline_on"].notna()]


def _outlooks(rows: pd.DataFrame) -> pd.Series[str]:
    projected, deadline = pd.to_datetime(rows["projected_on"]), pd.to_datetime(rows["deadline_on"])
    outlooks = pd.Series("on_time", index=rows.index)
    outlooks[projected > deadline] = "late"
    outlooks[deadline.isna()] = "open"
    outlooks[rows["officers"] < FEW] = "few"
    outlooks[rows["officers"] == 0] = "no_pace"
    outlooks[rows["officers"].isna() | rows["missing"].isna()] = "unknown"
    outlooks[rows["missing"] <= 0] = "done"
    return outlooks


def months_words(months: float) -> str:
    """Say months late or early: "about 3 months late", "about 1 month early", "about on time"."""
    count = abs(int(months))
    if count == 0:
        return "about on time"
    return f"about {count} month{'' if count == 1 else 's'} {'late' if months > 0 else 'early'}"


def forecast_table(rows: pd.DataFrame, pace_days: int) -> pd.DataFrame:
    """Return a forecast for reading; those who say nothing say why."""
    dated = rows["projected_on"].notna()
    between = [
        f"{early:%b %Y} – {late:%b %Y}" if shown else ""
        for early, late, shown in zip(rows["earliest_on"], rows["latest_on"], dated, strict=True)
    ]
    words = [
        months_words(months) if months == months else FORECASTS[outlook]
        for months, outlook in zip(rows["months_late"], rows["outlook"], strict=True)
    ]
    return pd.DataFrame(
        {
            "department_id": rows["department_id"],
            "Department": rows["name"],
            "County": rows["county"],
            "Officers missing": rows["missing"],
            f"Trained in {pace_days} days": rows["officers"],
            "Done at this pace": [f"{day:%b %Y}" if day else "" for day in _days(rows)],
            "Give or take": between,
            "Deadline": rows["deadline_on"],
            "Against the deadline": words,
        }
    )


def _days(rows: pd.DataFrame) -> list[date | None]:
    return [None if pd.isna(day) else day for day in rows["projected_on"]]


def over_counted(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the departments that report more officers trained than sworn."""
    return progress[progress["check_counts"].astype(bool)].sort_values("name")


def counts_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return departments whose counts should be checked, for reading."""
    return pd.DataFrame(
        {
            "department_id": rows["department_id"],
            "Department": rows["name"],
            "County": rows["county"],
            "Sworn": rows["sworn"],
            "Source": rows["source"],
            "Reported": rows["reported_on"],
        }
    )


def ending_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return departments with certificates ending in a month, for reading."""
    return pd.DataFrame(
        {
            "department_id": rows["department_id"],
            "Department": rows["name"],
            "County": rows["county"],
            "Officers": rows["officers"],
            "First expires on": rows["first_on"],
        }
    )


def forecast_words(rows: pd.DataFrame, pace_days: int) -> str:
    """Say the forecast of all departments with officers missing, in plain words."""
    counts = rows["outlook"].value_counts()
    dated = int(sum(counts.get(name, 0) for name in ("late", "on_time", "open")))
    behind = int(rows["officers"].where(rows["projected_on"].notna()).sum())
    parts = [
        f"At the pace of the last {pace_days} days ({behind:,} officers newly trained), "
        f"{counts.get('late', 0):,} departments would finish after their deadline, "
        f"{counts.get('on_time', 0):,} by it"
    ]
    if not dated:
        parts = [
            f"No department had enough newly trained officers in the last {pace_days} "
            "days to say when"
        ]
    if counts.get("open", 0):
        parts.append(f"{counts['open']:,} have no deadline")
    quiet = [
        f"{counts[name]:,} {words}"
        for name, words in (
            ("few", f"trained fewer than {FEW}, too few to say"),
            ("no_pace", "trained no one new"),
            ("unknown", "are unknown for lack of records or of sworn officers"),
        )
        if counts.get(name, 0)
    ]
    sentence = "; ".join(parts) + f". A date is given for {dated:,} of {len(rows):,}."
    return sentence + (f" Of the rest, {', '.join(quiet)}." if quiet else "")
