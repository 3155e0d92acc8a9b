"""What the campaign's brief says: the overview on one page, as plain facts for the template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from onemind import metrics, narrative
from onemind.campaign import PRACTICES, STAGES, STATUSES, Filter
from onemind.documents import brief_map
from onemind.drawing.palette import INK, STAGE_COLORS, STATUS_COLORS, STATUS_SIGNS
from onemind.errors import WrongUse
from onemind.geography import state_name
from onemind.metrics import MetricName, Query, Source
from onemind.words import percent

LINES = {MetricName.PLEDGED: "in_progress", MetricName.COMPLETED: "completed"}
MOST_CONCERNS = 10


def campaign(source: Source, chosen: Filter, today: date) -> dict[str, Any]:
    """Return the facts of what the filter keeps; raises WrongUse when that is nothing."""
    progress = metrics.progress(source, chosen, today).frame()
    if progress.empty:
        raise WrongUse(
            f"No department matches: {chosen.words()}. Broaden the filter, or write "
            "states by their postal codes, such as MA."
        )
    as_of = chosen.as_of or today
    concerns = narrative.concerns(progress, as_of, source.rules.spans["silent_days"])
    subject = scope_words(source, chosen)
    return {
        "kind": "campaign",
        "title": f"{source.rules.campaign}: {subject}",
        "subject": subject,
        "sentence": narrative.sentence(progress),
        "numbers": [_number(source, chosen, today, name) for name in metrics.OVERVIEW],
        "funnel": _funnel(progress),
        "practices": _practices(progress),
        "chart": _chart(source, chosen, today),
        "map": brief_map.drawn(source, chosen, today, progress),
        "concerns": _listed(concerns[:MOST_CONCERNS], progress),
        "more": max(len(concerns) - MOST_CONCERNS, 0),
        "definitions": definitions(metrics.OVERVIEW),
    }


def scope_words(source: Source, chosen: Filter) -> str:
    """Say what the brief is about: the filter in words, else whatever may be seen."""
    states = " and ".join(state_name(code) for code in chosen.state)
    rest = chosen.only(*(name for name in chosen.chosen() if name != "state"))
    parts = [states] if states else []
    parts += [rest.words()] if rest.chosen() else []
    if not parts:
        sight = getattr(source, "sight", None)
        return str(sight.scope.words()) if sight else "all departments"
    return ", ".join(parts)


def definitions(names: Sequence[MetricName]) -> list[dict[str, str]]:
    """Return labels with their definitions and caveats."""
    declared = [metrics.metric(name) for name in names]
    return [
        {"label": item.label, "words": f"{item.description} {item.caveat}".strip()}
        for item in declared
    ]


def ink_of(status: str) -> str:
    """Return the color a status is written in; not reported is in ink, to be legible."""
    return INK[0] if status == "not_reported" else STATUS_COLORS[status][0]


def _listed(concerns: list[narrative.Concern], progress: pd.DataFrame) -> list[dict[str, str]]:
    rows = progress.set_index("department_id")
    return [
        {
            "name": item.name,
            "place": ", ".join(
                str(part) for part in rows.loc[item.department_id, ["county", "state"]] if part
            ),
            "reason": item.reason,
        }
        for item in concerns
    ]


def _number(source: Source, chosen: Filter, today: date, name: MetricName) -> dict[str, str]:
    declared = metrics.metric(name)
    value, n, m = metrics.query(source, Query(name, (), chosen), today).rows[0]
    if value is None:
        shown = "unknown"
    elif declared.is_share:
        shown = percent(value)
    else:
        shown = f"{value:,.0f}"
    behind = f"{n:,} of {m:,} reported" if declared.is_share else f"of {m:,}"
    return {"label": declared.label, "value": shown, "behind": behind}


def _funnel(progress: pd.DataFrame) -> list[dict[str, Any]]:
    counts = progress["stage"].value_counts()
    return [
        {
            "label": label,
            "count": int(counts.get(stage, 0)),
            "shown": f"{counts.get(stage, 0):,}",
            "part": float(counts.get(stage, 0) / len(progress)),
            "color": STAGE_COLORS[stage][0],
        }
        for stage, label in STAGES.items()
    ]


def _practices(progress: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for name, title in PRACTICES.items():
        counts = progress[name].value_counts()
        cells = [
            {
                "sign": STATUS_SIGNS[status],
                "words": words,
                "count": f"{counts.get(status, 0):,}",
                "color": ink_of(status),
            }
            for status, words in STATUSES.items()
        ]
        rows.append({"title": title, "cells": cells})
    return rows


def _chart(source: Source, chosen: Filter, today: date) -> dict[str, Any]:
    """Pledged and completed at each month's end, as points between 0 and 1."""
    lines: list[dict[str, Any]] = []
    most, months = 1, []
    for name, stage in LINES.items():
        rows = metrics.query(source, Query(name, ("month",), chosen), today).rows
        months = [date.fromisoformat(f"{row[0]}-01") for row in rows]
        values = [row[1] or 0 for row in rows]
        most = max(most, *values) if values else most
        lines.append(
            {
                "label": metrics.metric(name).label,
                "values": values,
                "color": STAGE_COLORS[stage][0],
                "dashed": name is MetricName.COMPLETED,
            }
        )
    title = "Pledged and completed, at each month's end"
    return chart(title, months, lines, {0: "0", most: f"{most:,.0f}"})


def chart(
    title: str,
    months: list[date],
    lines: list[dict[str, Any]],
    marks: dict[int, str],
    unit: str = "",
) -> dict[str, Any]:
    """Return lines for the template, as shares of the highest mark; `marks` are rules across."""
    most = max(marks)
    drawn = [
        {key: line[key] for key in ("label", "color", "dashed")}
        | {
            "points": [None if value is None else value / most for value in line["values"]],
            "last": _last(line["values"], unit),
        }
        for line in lines
    ]
    enough = len(months) > 1
    return {
        "title": title,
        "lines": drawn if enough else [],
        "marks": [{"at": mark / most, "label": label} for mark, label in marks.items()],
        "first_month": f"{months[0]:%b %Y}" if enough else "",
        "last_month": f"{months[-1]:%b %Y}" if enough else "",
    }


def _last(values: list[int | None], unit: str) -> str:
    last = values[-1] if values else None
    return "unknown" if last is None else f"{last:,}{unit}"
