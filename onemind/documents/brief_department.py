"""What a department's brief says, as plain facts; nothing about single officers."""

from __future__ import annotations

from datetime import date
from typing import Any

from onemind import metrics, narrative
from onemind.campaign import STATUSES, Filter
from onemind.documents.brief_campaign import chart, definitions, ink_of
from onemind.drawing.palette import STAGE_COLORS, STATUS_SIGNS
from onemind.metrics import Dossier, MetricName, Row, Source
from onemind.narrative import checklist, kind_words
from onemind.words import long_day, whole_percent_of

NUMBERS = (
    MetricName.SWORN,
    MetricName.MHFA_TRAINED,
    MetricName.CIT_TRAINED,
    MetricName.EXPIRING_90D,
    MetricName.LAPSED,
)
MOST_PARTNERS = 8


def department(source: Source, department_id: str, chosen: Filter, today: date) -> dict[str, Any]:
    """Return the facts of one department; raises WrongUse when there is none such in sight."""
    dossier = metrics.dossier(source, department_id, chosen, today)
    row, rules = dossier.row, source.rules
    edition = next(item for item in rules.editions if item.id == row["edition"])
    return {
        "kind": "department",
        "title": row["name"],
        "subject": row["name"],
        "place": f"{narrative.place(row)} · {kind_words(row['type'])} · {row['department_id']}",
        "stage": narrative.stage(row),
        "stage_color": STAGE_COLORS[row["stage"]][0],
        "sentence": narrative.standing(dossier),
        "edition": f"{narrative.pledged(dossier)}Judged by the {edition.title.lower()}: "
        f"{edition.description}",
        "history": narrative.pledging(dossier),
        "numbers": _numbers(dossier),
        "checks": _checks(dossier, source),
        "forecast": f"{narrative.training_source(row)} {narrative.forecast(dossier)}",
        "check_counts": _doubt(row),
        "chart": _chart(dossier),
        "ending": _ending(dossier),
        "no_ending": "No officer's last certificate ends then."
        if row["source"] == "records"
        else "Unknown: only certificate records have an expiration date.",
        "partners": _partners(dossier),
        "more_partners": max(len(dossier.partnerships) - MOST_PARTNERS, 0),
        "definitions": definitions(NUMBERS),
    }


def _doubt(row: Row) -> str:
    if not row["check_counts"]:
        return ""
    return (
        "Check the counts: the department reports more trained officers than sworn "
        "officers. Shares are capped at 100%."
    )


def _numbers(dossier: Dossier) -> list[dict[str, str]]:
    row = dossier.row
    source = {"records": "from records", "totals": "from totals", "none": "none reported"}
    behind = source[row["source"]]
    listed = (
        ("Sworn officers", row["sworn"], "roster" if dossier.about["has_roster"] else "own count"),
        ("MHFA", row["mhfa_trained"], behind),
        ("CIT", row["cit_trained"], behind),
        ("In either", _either(row), behind),
        ("Expiring within 90 days", row["expiring_90d"], "MHFA certificates"),
        ("Lapsed", row["lapsed"], "MHFA certificates"),
    )
    return [
        {"label": label, "value": number(value), "behind": note} for label, value, note in listed
    ]


def number(value: int | str | None) -> str:
    """Write a count; what is unknown is called so."""
    return "unknown" if value is None else value if isinstance(value, str) else f"{value:,}"


def _either(row: Row) -> int | str | None:
    low, high = row["trained_low"], row["trained_high"]
    return low if low == high else f"{low:,}–{high:,}"


def _checks(dossier: Dossier, source: Source) -> list[dict[str, str]]:
    return [
        {
            "title": item.title,
            "sign": STATUS_SIGNS[item.status],
            "status": STATUSES[item.status],
            "color": ink_of(item.status),
            "asked": item.asked,
            "found": item.found,
            "on": long_day(item.on) if item.on else "no date",
        }
        for item in checklist(dossier, source.rules)
    ]


def _chart(dossier: Dossier) -> dict[str, Any]:
    lines = [
        {
            "label": label,
            "values": [whole_percent_of(row[column], row["sworn"]) for row in dossier.months],
            "color": STAGE_COLORS[color][0],
            "dashed": dashed,
        }
        for label, column, color, dashed in (
            ("MHFA", "mhfa_trained", "completed", False),
            ("CIT", "cit_trained", "overdue", True),
        )
    ]
    title = "Share of sworn officers trained, at each month's end"
    marks = {0: "0", 20: "20%", 100: "100%"}
    return chart(title, [row["as_of"] for row in dossier.months], lines, marks, "%")


def _ending(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {"month": f"{row['month']:%b %Y}", "officers": f"{row['officers']:,}"}
        for row in dossier.ending
    ]


def _partners(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {
            "name": item["name"] or item["partner_id"],
            "kind": kind_words(item["kind"]),
            "since": long_day(item["signed_on"]),
            "ended": long_day(item["ended_on"]) if item["ended_on"] else "",
        }
        for item in sorted(dossier.partnerships, key=lambda item: item["ended_on"] is not None)
    ][:MOST_PARTNERS]
