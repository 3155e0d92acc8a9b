"""What is said aloud about one department: deadline, forecast, where its numbers are from."""

from __future__ import annotations

from datetime import date

from onemind.campaign import STAGES
from onemind.metrics import Dossier, Row
from onemind.words import long_day, span


def place(row: Row) -> str:
    """Return where a department is: town, county and state, each once."""
    county = f"{row['county']} County" if row["county"] else None
    return ", ".join(part for part in (row["municipality"], county, row["state"]) if part)


def standing(found: Dossier) -> str:
    """Say the stage and the deadline in words."""
    row, last = found.row, (found.pledges or ({},))[-1]
    if row["stage"] == "not_pledged":
        return "Has not pledged."
    if row["stage"] == "withdrawn":
        return f"Withdrew its pledge on {long_day(last['withdrawn_on'])}; none is in force."
    due, days = long_day(row["deadline_on"]), (row["deadline_on"] - found.as_of).days
    if row["stage"] == "completed":
        day = last["completion_confirmed_on"]
        return f"Completion confirmed on {long_day(day)}, {_against(day, row['deadline_on'])}."
    if row["stage"] == "awaiting_confirmation":
        claimed = long_day(last["completion_claimed_on"])
        return f"Claimed completion on {claimed}; it is not confirmed yet. The deadline: {due}."
    if row["stage"] == "overdue":
        return f"Overdue by {span(-days)}: it was due on {due}."
    if row["stage"] == "due_soon":
        return f"Due in {days} day{'' if days == 1 else 's'}, on {due}." if days else "Due today."
    return f"Due in {span(days)}, on {due}."


def _against(day: date, deadline: date) -> str:
    days = (deadline - day).days
    if not days:
        return "on the day it was due"
    return f"{span(abs(days))} {'before' if days > 0 else 'after'} the deadline"


def pledged(found: Dossier) -> str:
    """Say when the pledge in force was made, as exactly as it is known; empty without one."""
    if found.row["pledged_on"] is None:
        return ""
    day, precision = found.row["pledged_on"], found.pledges[-1]["precision"]
    known = {"year": f"{day:%Y}", "month": f"{day:%B %Y}"}.get(precision, long_day(day))
    return f"Pledged {'in' if precision in ('year', 'month') else 'on'} {known}. "


def pledging(found: Dossier) -> str:
    """Explain a department that pledged more than once, or withdrew; empty for all others."""
    if not found.pledges:
        return ""
    *earlier, last = found.pledges
    said = []
    if earlier:
        times = {1: "once", 2: "twice"}.get(len(earlier), f"{len(earlier)} times")
        said.append(
            f"It had pledged {times} before, first on {long_day(earlier[0]['pledged_on'])}; "
            "the latest pledge decides its edition and its deadline."
        )
    for pledge in earlier:
        if pledge["withdrawn_on"]:
            said.append(f"It withdrew one on {long_day(pledge['withdrawn_on'])}.")
    if last["withdrawn_on"]:
        said.append(
            f"The pledge of {long_day(last['pledged_on'])} was withdrawn. A withdrawn pledge has "
            "no deadline, and an earlier one does not revive."
        )
    return " ".join(said)


def forecast(found: Dossier) -> str:
    """Say when training would be complete at the present pace, or why nobody can say."""
    row = found.row
    if row["mhfa"] == "met":
        return "The training practice is met, so there is nothing to forecast."
    if row["source"] != "records":
        return "There is no forecast: it needs certificates on record, with their dates."
    if row["sworn"] is None:
        return "There is no forecast: the number of sworn officers is unknown."
    if row["projected_on"] is None:
        return "There is no forecast: no officer was newly trained in MHFA in the last 180 days."
    said = (
        f"At the pace of the last 180 days ({row['pace_per_month']:.1f} officers a month) every "
        f"sworn officer would be trained by {long_day(row['projected_on'])}"
    )
    if row["deadline_on"] is None:
        return f"{said}. The pace may change."
    return f"{said}, {_against(row['projected_on'], row['deadline_on'])}. The pace may change."


def training_source(row: Row) -> str:
    """Say where the training numbers are from."""
    if row["source"] == "none":
        return "No training reported by this day."
    day = long_day(row["reported_on"])
    if row["source"] == "records":
        return f"From certificates on record, the latest completed on {day}."
    return f"From totals the department reported, as of {day}."


def sworn_source(found: Dossier) -> str:
    """Say where the number of sworn officers is from."""
    if found.about["has_roster"]:
        if found.row["sworn"] is None:
            return "Unknown: nobody on the roster is active on this day."
        return "Active sworn officers on the department's roster."
    if found.row["sworn"] is None:
        return "Unknown: the department gave no number."
    day = found.about["counts_as_of"]
    return "As the department counts them" + (f", on {long_day(day)}." if day else ".")


def stage(row: Row) -> str:
    """Return the stage's label."""
    return STAGES[row["stage"]]
