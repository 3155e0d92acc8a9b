"""Sentences about one department: its deadline, its forecast, the sources of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onemind.campaign import STAGES, Rules
from onemind.metrics import Dossier, MetricName, Row
from onemind.words import long_day, percent, span


@dataclass(frozen=True)
class Number:
    """One number of a department: what it is called, its metric, its words and its source."""

    label: str
    metric: MetricName
    words: str
    source: str


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


def numbers(dossier: Dossier) -> tuple[Number, ...]:
    """Return the counts of a department, each with its share, its metric and its source."""
    row, source = dossier.row, training_source(dossier.row)
    name = MetricName
    return (
        Number("Sworn officers", name.SWORN, count(row["sworn"]), sworn_source(dossier)),
        Number("Trained in MHFA", name.MHFA_TRAINED, _part(row, "mhfa_trained"), source),
        Number("Trained in CIT", name.CIT_TRAINED, _part(row, "cit_trained"), source),
        Number("In either", name.TRAINED_SHARE_LOW, _either(row), source),
        Number("Expiring within 90 days", name.EXPIRING_90D, count(row["expiring_90d"]), source),
        Number("Lapsed", name.LAPSED, count(row["lapsed"]), source),
    )


def count(value: int | None) -> str:
    """Write a count; what is not known is called so."""
    return "unknown" if value is None else f"{value:,}"


def _part(row: Row, column: str) -> str:
    """A count with its share, rounded down: 100% means all."""
    value, sworn = row[column], row["sworn"]
    return f"{value:,} · {percent(value / sworn)}" if value is not None and sworn else count(value)


def _either(row: Row) -> str:
    low, high = row["trained_low"], row["trained_high"]
    return _part(row, "trained_low") if low == high else f"{low:,} to {high:,}"


MEETS_ALL = "Meets all four practices on this date."
NO_TRAINING = "No training reported by this date, so there is nothing to chart."
TODAYS_SWORN = "Without a roster, the chart uses today's number of sworn officers throughout."
NO_RECORDS = "Unknown: only certificate records have an expiration date."
NO_ENDING = "No officer's last certificate expires in the next 12 months."
ENDING = "Officers by the month their last MHFA certificate expires."
NOTHING = "Nothing is on record by this date."
NO_PARTNER = "No partnership is on record by this date. The department may still have one."
NO_OUTCOMES = "No outcomes are on record by this date."
APART = "Shown apart from training; it implies no cause. Departments count differently."
ENDS = "How calls ended, as shares of each year's calls. Counts are below."
CHECK_COUNTS = (
    "Check the counts: the department reports more trained officers than sworn officers. Shares "
    "are capped at 100%. Ask the department for its number of sworn officers."
)


def sources(dossier: Dossier) -> str:
    """Say where the training numbers and the number of sworn officers come from."""
    sworn = sworn_source(dossier)
    return f"{training_source(dossier.row)} Sworn officers: {sworn[0].lower()}{sworn[1:]}"


def judged(dossier: Dossier, rules: Rules) -> str:
    """Say when the pledge was made, and by which edition of the rule it is judged."""
    edition = next(item for item in rules.editions if item.id == dossier.row["edition"])
    dated = " (start date is inferred)" if edition.dated == "inferred" else ""
    return f"{pledged(dossier)}Judged by the {edition.title.lower()}{dated}: {edition.description}"


def measures(dossier: Dossier, rules: Rules) -> tuple[str, ...]:
    """Return what a chart of the department's training has lines for: "either" where it counts."""
    needs = (need for practice in rules.practices for need in practice.needs)
    asked = {need.measure for need in needs if need.edition == dossier.row["edition"]}
    return tuple(name for name in ("mhfa", "cit", "either") if name != "either" or name in asked)


def trained(dossier: Dossier) -> str:
    """Say what a chart of the department's training shows."""
    row, day = dossier.row, long_day(dossier.as_of)
    return (
        f"Line chart of the share of sworn officers trained at each month's end. On {day}: "
        f"MHFA {row['mhfa_trained']}, CIT {row['cit_trained']} of {row['sworn']}."
    )


def timeline(events: int) -> str:
    """Say what a timeline shows, and where the same is in words."""
    return f"Timeline of {events} events; the list below has the same information."


def ending(months: Sequence[date], officers: Sequence[int]) -> str:
    """Say how many officers' last certificates expire in each of the months ahead."""
    listed = ", ".join(
        f"{month:%B %Y} {count}" for month, count in zip(months, officers, strict=True) if count
    )
    return f"Officers whose last MHFA certificate expires: {listed}."


def stage(row: Row) -> str:
    """Return the stage's label."""
    return STAGES[row["stage"]]
