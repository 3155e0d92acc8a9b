"""One department's page: its deadline, its checklist, its training, what happened, outcomes."""

from __future__ import annotations

from typing import Any

from onemind import narrative
from onemind.campaign import STATUSES
from onemind.drawing import charts, tables
from onemind.drawing.palette import STATUS_SIGNS
from onemind.metrics import Dossier, MetricName, metric
from onemind.narrative import department as said
from onemind.narrative import kind_words
from onemind.site import figures, frame, pages
from onemind.site.edition import Edition
from onemind.words import long_day

DEFINED = (
    MetricName.SWORN, MetricName.MHFA_TRAINED, MetricName.CIT_TRAINED, MetricName.EXPIRING_90D,
    MetricName.LAPSED, MetricName.MH_CALLS,
)  # fmt: skip


def page(edition: Edition, path: str, dossier: Dossier) -> bytes:
    """Return a department's page. It names no version: the page stays as it is until the
    department's own data, or the day, is another.
    """
    row = dossier.row
    where = f"{narrative.place(row)} · {kind_words(row['type'])} · {row['department_id']}"
    return frame.framed(
        edition, "department.html", path, row["name"], "Departments",
        published="", where=where, stage=row["stage"], stage_words=narrative.stage(row),
        standing=narrative.standing(dossier), pledging=narrative.pledging(dossier),
        judged=said.judged(dossier, edition.rules), checks=_checks(edition, dossier),
        meets_all=said.MEETS_ALL if row["compliant_today"] else "",
        check_counts=said.CHECK_COUNTS if row["check_counts"] else "",
        numbers=[(item, metric(item.metric)) for item in said.numbers(dossier)],
        sources=said.sources(dossier), forecast=narrative.forecast(dossier),
        **_training(edition, dossier), **_happened(dossier), **_partners(dossier),
        **_outcomes(dossier), definitions=frame.definitions(*DEFINED),
    )  # fmt: skip


def _checks(edition: Edition, dossier: Dossier) -> list[dict[str, Any]]:
    practices = {item.id: item for item in edition.rules.practices}
    return [
        {
            "title": practices[item.practice].title,
            "status": item.status,
            "sign": STATUS_SIGNS[item.status],
            "words": STATUSES[item.status],
            "found": item.found,
            "day": long_day(item.on) if item.on else "no date",
            "asked": item.asked,
            "definition": f"{practices[item.practice].met_when} {item.source}",
        }
        for item in narrative.checklist(dossier, edition.rules)
    ]


def _training(edition: Edition, dossier: Dossier) -> dict[str, Any]:
    shares = None
    if any(row["source"] != "none" for row in dossier.months):
        drawn = said.measures(dossier, edition.rules)
        figure = charts.department.training(dossier.months, drawn)
        shares = figures.chart(figure, said.trained(dossier))
    months, officers = tables.department.months_ahead(dossier.ending, dossier.as_of)
    known = dossier.row["source"] == "records"
    ending = None
    if known and sum(officers):
        figure = charts.department.ending(months, officers)
        ending = figures.chart(figure, said.ending(months, officers))
    reported = tables.department.totals(dossier) if dossier.totals else None
    return {
        "shares": shares,
        "no_shares": said.NO_TRAINING,
        "shares_note": "" if dossier.about["has_roster"] else said.TODAYS_SWORN,
        "ending": ending,
        "no_ending": said.NO_ENDING if known else said.NO_RECORDS,
        "ending_note": said.ENDING,
        "totals": None if reported is None
        else pages.table(reported, "Totals the department reported"),
    }  # fmt: skip


def _happened(dossier: Dossier) -> dict[str, Any]:
    listed = narrative.events(dossier)
    if not listed:
        return {"timeline": None, "events": None, "nothing": said.NOTHING}
    figure = charts.department.timeline(listed, dossier.row["deadline_on"], dossier.as_of)
    alt = said.timeline(len(listed))
    events = tables.department.happened(listed)
    caption = f"All {len(listed)} events, newest first"
    return {
        "timeline": figures.chart(figure, alt),
        "events": pages.table(events, caption),
        "nothing": "",
    }


def _partners(dossier: Dossier) -> dict[str, Any]:
    if not dossier.partnerships:
        return {"partners": None, "no_partner": said.NO_PARTNER}
    table = pages.table(tables.department.partners(dossier), "Partners, those in force first")
    return {"partners": table, "no_partner": ""}


def _outcomes(dossier: Dossier) -> dict[str, Any]:
    years = tables.department.outcome_years(dossier.outcomes)
    if not years:
        return {"outcomes": None, "no_outcomes": said.NO_OUTCOMES}
    table = pages.table(tables.department.outcomes(years, whole=False), "Outcomes by year")
    return {
        "outcomes": {
            "note": said.APART,
            "chart": figures.chart(charts.department.outcomes(years), said.ENDS),
            "table": table,
        },
        "no_outcomes": "",
    }
