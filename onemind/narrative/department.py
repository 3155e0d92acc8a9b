"""Sentences about one department: its deadline, its forecast, the sources of its numbers."""

from __future__ import annotations

from datetime import date

from onemind.campaign import STAGES
from onemind.metrics import Dossier, Row
from onemind.words import long_day, span


def place(row: Row) -> str:
    """Return where a department is: its town, county and state."""
    county = f"{row['county']} County" if row["county"] else None
    return ", ".join(part for part in (row["municipality"], county, row["state"]) if part)


def standing(dossier: Dossier) -> str:
    """Say the stage and the deadline in words."""
    row, last = dossier.row, (dossier.pledges or ({},))[-1]
    if row["stage"] == "not_pledged":
        return "Has not pledged."
    if row["stage"] == "withdrawn":
        return f"Withdrew its pledge on {long_day(last['withdrawn_on'])}. No pledge is in force."
    due, days = long_day(row["deadline_on"]), (row["deadline_on"] - dossier.as_of).days
    if row["stage"] == "completed":
        day = last["completion_confirmed_on"]
        timing = _against(day, row["deadline_on"])
        return f"Completion confirmed on {long_day(day)}, {timing}."
    if row["stage"] == "awaiting_confirmation":
        claimed = long_day(last["completion_claimed_on"])
        return f"Claimed completion on {claimed}; not yet confirmed. Deadline: {due}."
    if row["stage"] == "overdue":
        return f"Overdue by {span(-days)}. The deadline was {due}."
    if row["stage"] == "due_soon":
        return f"Due in {days} day{'' if days == 1 else 's'}, on {due}." if days else "Due today."
    return f"Due in {span(days)}, on {due}."


def _against(day: date, deadline: date) -> str:
    days = (deadline - day).days
    if not days:
        return "on the deadline"
    return f"{span(abs(days))} {'before' if days > 0 else 'after'} the deadline"


def pledged(dossier: Dossier) -> str:
    """Say when the pledge in force was made, as exactly as known; empty if there is none."""
    if dossier.row["pledged_on"] is None:
        return ""
    day, precision = dossier.row["pledged_on"], dossier.pledges[-1]["precision"]
    known = {"year": f"{day:%Y}", "month": f"{day:%B %Y}"}.get(precision, long_day(day))
    return f"Pledged {'in' if precision in ('year', 'month') else 'on'} {known}. "


def pledging(dossier: Dossier) -> str:
    """Explain the pledges of a department that pledged twice or withdrew; empty for others."""
    if not dossier.pledges:
        return ""
    *earlier, last = dossier.pledges
    sentences = []
    if earlier:
        times = {1: "once", 2: "twice"}.get(len(earlier), f"{len(earlier)} times")
        sentences.append(
            f"It pledged {times} before, first on {long_day(earlier[0]['pledged_on'])}. "
            "The latest pledge sets its edition and deadline."
        )
    for pledge in earlier:
        if pledge["withdrawn_on"]:
            sentences.append(f"It withdrew a pledge on {long_day(pledge['withdrawn_on'])}.")
    if last["withdrawn_on"]:
        sentences.append(
            f"It withdrew its pledge of {long_day(last['pledged_on'])}. A withdrawn pledge has no "
            "deadline, and no earlier pledge takes effect again."
        )
    return " ".join(sentences)


def forecast(dossier: Dossier) -> str:
    """Say when training would be complete at the current pace, or why there is no forecast."""
    row = dossier.row
    if row["mhfa"] == "met":
        return "No forecast: the training practice is already met."
    if row["source"] != "records":
        return "No forecast: it requires certificate records with dates."
    if row["sworn"] is None:
        return "No forecast: the number of sworn officers is unknown."
    if row["projected_on"] is None:
        return "No forecast: no officer was newly trained in MHFA in the last 180 days."
    projection = (
        f"At the pace of the last 180 days ({row['pace_per_month']:.1f} officers a month), every "
        f"sworn officer would be trained by {long_day(row['projected_on'])}"
    )
    if row["deadline_on"] is None:
        return f"{projection}. The pace may change."
    timing = _against(row["projected_on"], row["deadline_on"])
    return f"{projection}, {timing}. The pace may change."


def training_source(row: Row) -> str:
    """Say where the training numbers come from."""
    if row["source"] == "none":
        return "No training reported by this date."
    day = long_day(row["reported_on"])
    if row["source"] == "records":
        return f"From certificate records; the latest was completed on {day}."
    return f"From totals the department reported as of {day}."


def sworn_source(dossier: Dossier) -> str:
    """Say where the number of sworn officers comes from."""
    if dossier.about["has_roster"]:
        if dossier.row["sworn"] is None:
            return "Unknown: no one on the roster is active on this date."
        return "Active sworn officers on the department's roster."
    if dossier.row["sworn"] is None:
        return "Unknown: the department did not report a number."
    day = dossier.about["counts_as_of"]
    return "Reported by the department" + (f" as of {long_day(day)}." if day else ".")


def stage(row: Row) -> str:
    """Return the stage's label."""
    return STAGES[row["stage"]]
