"""The Training page: against the targets, over time, certificates ending, the present pace."""

from __future__ import annotations

from typing import Any

import pandas as pd

from onemind import metrics, narrative
from onemind.drawing import charts, tables
from onemind.drawing.tables.training import ORDERS
from onemind.metrics import MetricName
from onemind.site import figures, frame, numbers, pages
from onemind.site.edition import Edition

NUMBERS = (
    MetricName.MHFA_SHARE, MetricName.CIT_SHARE, MetricName.REPORTED, MetricName.EXPIRING_90D,
    MetricName.LAPSED,
)  # fmt: skip
FIRST, GROUPS, PANELS = 25, 60, 12  # rows and panels that a chart has room for


def page(edition: Edition, path: str, links: dict[str, str]) -> bytes:
    """Return the Training page."""
    progress = edition.progress
    known = _known(edition)
    by = "state" if known["state"].nunique() > 1 else "county"
    drawn: dict[str, Any] = dict.fromkeys(("groups", "behind", "lines", "ending", "projected"))
    if len(known):
        drawn |= {
            "groups": _groups(edition, known, by),
            "behind": _furthest_behind(known),
            "lines": _lines(edition, known, by),
        }
    drawn |= {"ending": _ending(edition), "projected": _projected(edition)}
    every = tables.overview.training(progress)
    return frame.framed(
        edition, "training.html", path, "Training", "Training",
        published=frame.published(edition), numbers=numbers.cards(edition, NUMBERS),
        reported=narrative.training.behind(progress, known), **drawn,
        forecast=_forecast_words(edition),
        every=pages.table(every, "Training of each department that reported",
                          [links.get(name, "") for name in every["department_id"]],
                          ("MHFA", "CIT")),
        definitions=frame.definitions(*NUMBERS),
    )  # fmt: skip


def _known(edition: Edition) -> pd.DataFrame:
    either = tables.training.either(edition.rules)
    return tables.training.completion(edition.progress, either)


def _groups(edition: Edition, known: pd.DataFrame, by: str) -> figures.Chart:
    rows = tables.training.groups(known, edition.progress, by)
    shown = rows.head(GROUPS)
    words = narrative.training.pooled(by, len(shown), len(rows))
    return figures.chart(charts.completion.pooled(shown), words)


def _furthest_behind(known: pd.DataFrame) -> figures.Chart:
    rows = tables.training.ordered(known, "behind").head(FIRST)
    words = narrative.training.departments(rows, 0, len(known), ORDERS["behind"], False)
    return figures.chart(charts.completion.completion(rows), words)


def _lines(edition: Edition, known: pd.DataFrame, by: str) -> figures.Chart:
    sizes = known.groupby(by)["sworn"].sum().sort_values(ascending=False)
    names = sorted(sizes.index[:PANELS])
    mhfa, cit = (
        edition.query(name, by, "month") for name in (MetricName.MHFA_SHARE, MetricName.CIT_SHARE)
    )
    frame = narrative.training.over_months(mhfa, cit, by)
    figure = charts.training.small_lines(frame, by, names)
    return figures.chart(figure, narrative.training.panels(names))


def _ending(edition: Edition) -> figures.Chart | None:
    window, chosen = edition.window, edition.chosen
    months = metrics.training.expiries(window, chosen, edition.as_of).frame()
    if months.empty:
        return None
    spans = edition.rules.spans
    words = narrative.training.ending(months, edition.progress, spans)
    figure = charts.training.expiries(months, edition.as_of, spans["expiring_days"])
    return figures.chart(figure, words)


def _forecast(edition: Edition) -> pd.DataFrame:
    rules = edition.rules
    return tables.training.pending(
        edition.progress, tables.training.either(rules), edition.as_of, rules.spans["pace_days"]
    )


def _forecast_words(edition: Edition) -> str:
    days = edition.rules.spans["pace_days"]
    return tables.training.forecast_words(_forecast(edition), days)


def _projected(edition: Edition) -> figures.Chart | None:
    rows = tables.training.dated(_forecast(edition)).head(FIRST)
    if rows.empty:
        return None
    words = narrative.training.projected(rows)
    return figures.chart(charts.training.forecast(rows, edition.as_of), words)
