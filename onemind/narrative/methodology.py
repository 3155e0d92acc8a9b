"""What every number means, in words: put together from contracts, rules and metrics, so that it
can't drift. Marks are those of Markdown: **bold**, `code`, and lists by "- ".
"""

from __future__ import annotations

from datetime import date

from onemind import __version__
from onemind.campaign import (
    SMALL,
    STAGES,
    STATUSES,
    Contract,
    Field,
    Filter,
    Rules,
    Scope,
    contracts,
)
from onemind.metrics import Metric, metrics, model
from onemind.store import ENDINGS, GIVE_WAY, WHOLE_YEAR, Version
from onemind.words import long_day

CONTENTS = {
    "numbers": "The numbers",  # first: what is drawn later above one would push it out of sight
    "practices": "The four practices",
    "editions": "Editions of the rule",
    "courses": "Courses",
    "stages": "Stages of a pledge",
    "settings": "Time limits in force",
    "training": "How training is counted",
    "small-counts": "Small counts",
    "data": "The data",
    "cite": "How to cite",
    "errors": "How to report an error",
}
STAGE_WORDS = {
    "not_pledged": "No pledge was made by this date. These departments are in every denominator.",
    "withdrawn": (
        "The latest pledge was withdrawn by this date. Earlier pledges do not take effect again."
    ),
    "completed": "Completion was confirmed by this date.",
    "awaiting_confirmation": "Completion was claimed by this date but not yet confirmed.",
    "overdue": "The date is past the deadline.",
    "due_soon": "The deadline is at most {due_soon_days} days away.",
    "in_progress": "A pledge is in force with more time left.",
}
STATUS_WORDS = {
    "met": "The records meet the requirement.",
    "not_met": "The records do not meet the requirement.",
    "unclear": (
        "Two totals leave a range that includes the threshold, so no one can tell which "
        "side it is on."
    ),
    "not_reported": (
        "Nothing is on record, or the number of sworn officers is unknown. This is not "
        "proof that the practice is unmet."
    ),
}
SPAN_WORDS = {
    "earliest_months": "months after a pledge when completion is first expected",
    "deadline_months": "months after a pledge when its deadline falls",
    "due_soon_days": "days before the deadline from which a pledge is due soon",
    "expiring_days": "days before a certificate expires when recertification opens",
    "reminder_days": "days before a certificate expires when a reminder is due",
    "pace_days": "days over which a department's pace is measured",
    "silent_days": "days without a report before a department counts as silent",
}


def introduction(as_of: date, version: int) -> str:
    """Say what the dashboard counts and as of when."""
    return (
        "Every number is computed from published data by the definitions below, as of a day and a "
        f"version: now {long_day(as_of)} and version {version}. Only facts "
        "dated on or before that day count. **Completed** is an event with a date; **compliant "
        "today** is a state that changes as officers join and leave and certificates lapse. "
        f"The dashboard that counts them is release {__version__}."
    )


def contents() -> str:
    """Return the table of contents: links to the headings, and to each number's own."""
    headings = " · ".join(f"[{title}](#{anchor})" for anchor, title in CONTENTS.items())
    listed = " · ".join(f"[{item.label}](#{item.name})" for item in metrics().values())
    return f"{headings}\n\n**Numbers:** {listed}"


def practices(rules: Rules) -> str:
    """Say the practices and the four statuses each can have."""
    listed = "\n".join(
        f"- **{item.title}**: {item.description} {item.met_when}" for item in rules.practices
    )
    statuses = "\n".join(f"- **{STATUSES[name]}**: {STATUS_WORDS[name]}" for name in STATUSES)
    return f"{listed}\n\nEach is in one of four states:\n\n{statuses}"


def editions(rules: Rules) -> list[dict[str, str]]:
    """Return the editions as rows: since when, how that is known, and what they ask."""
    return [
        {
            "Edition": item.title,
            "From": long_day(item.starts_on) if item.rank else "the beginning",
            "This date is": item.dated,
            "What it requires": item.description,
        }
        for item in rules.editions
    ]


def courses(rules: Rules) -> list[dict[str, str]]:
    """Return the courses as rows: what each counts toward, from which edition, for how long."""
    return [
        {
            "Course": f"{item.id}: {item.title}",
            "Counts toward": item.practice.upper(),
            "From edition": item.from_edition,
            "Valid": f"{item.valid_months} months" if item.valid_months else "does not expire",
            "Hours": f"{item.hours:g}" if item.hours else "",
        }
        for item in rules.courses
    ]


def stages(rules: Rules) -> str:
    """Say the stages of a pledge; the first that holds counts."""
    listed = "\n".join(
        f"- **{STAGES[name]}**: {words.format_map(rules.spans)}"
        for name, words in STAGE_WORDS.items()
    )
    return f"The first that applies:\n\n{listed}"


def spans(rules: Rules) -> list[dict[str, str]]:
    """Return the spans in force as rows."""
    return [
        {"Setting": name, "Now": f"{value:,}", "What it is": SPAN_WORDS.get(name, "")}
        for name, value in rules.spans.items()
    ]


def number(item: Metric) -> str:
    """Say one metric: what it counts, its caveat, and its source."""
    read = sorted(model.datasets("progress") | model.datasets(item.model))
    rests = "" if item.known == "true" else f" It is based on the departments with `{item.known}`."
    return (
        f"{item.description} {item.caveat}\n\n"
        f"In {item.unit}. Counted as `{item.expression}` over the model `{item.model}`, which "
        f"reads {', '.join(read)}.{rests} On the command line: "
        f"`python -m onemind query {item.name}`."
    )


def training() -> str:
    """Say how officers, sources, ranges and the forecast are counted."""
    return (
        "- **Sworn officers**: the active ones of the roster where a department has one, else the "
        "department's own count; 0 or blank is unknown, never 0%. Dispatchers and other civilians "
        "are never among them.\n"
        "- **Source**: *records* if the department has sent a certificate by the day, else its "
        "latest *totals*, else *none*. A share always says how many departments are behind it.\n"
        "- **Trained**: sworn officers holding a valid certificate that counts under the "
        "department's edition. With two totals alone, officers trained in either are a range.\n"
        "- **Shares** pool counts: officers trained over sworn officers, of the departments where "
        "both are known. They stop at 100%; more trained than sworn is flagged.\n"
        "- **Forecast**: officers missing, divided by the officers whose first certificate was won "
        "within the pace's days. No date is given where fewer than five were. The range is the "
        "pace give or take the square root of the officers counted."
    )


def small_counts() -> str:
    """Say the rule of small counts."""
    endings, giving = (
        ", ".join(_title(name).lower() for name in names) for names in (ENDINGS, GIVE_WAY)
    )
    return (
        f"In outcomes and ratings, counts of people under {SMALL} are staff only. Everybody "
        "else is given whole calendar years of a department, from which small cells are gone "
        "before anything is added up:\n\n"
        "- a year, once it was over when the version was published, of the newest version alone, "
        f"and of outcomes only where the periods cover {WHOLE_YEAR} days or more;\n"
        f"- no year with 1 to {SMALL - 1} calls, no count of 1 to {SMALL - 1}, and none that "
        f"leaves 1 to {SMALL - 1} of the calls;\n"
        f"- sometimes so few calls are left beyond the shown endings ({endings}) that a hidden "
        f"count could be worked out. Then these are left out too: {giving};\n"
        "- no count that the department did not give for every period of the year;\n"
        f"- no ratings of a course in a year with 1 to {SMALL - 1} answers, pleased or not "
        "pleased.\n\n"
        "Such a count reads “fewer than 5, or not given”. Totals and shares are made of what is "
        "left, so they differ from the full ones. Counts of departments and of training are never "
        "left out."
    )


def _title(name: str) -> str:
    return contracts()["outcomes"].field(name).title


def columns(parsed: Contract) -> str:
    """Say each column of a dataset and what it holds."""
    return "\n".join(f"- {_column(parsed, field)}" for field in parsed.fields)


def _column(parsed: Contract, field: Field) -> str:
    marks = ["key"] if field.name in parsed.key else []
    marks += ["required"] if field.required else ["may be blank"]
    marks += ["staff only"] if field.contact else []
    unit = f", in {field.unit}" if field.unit else ""
    listed = f" One of: {', '.join(field.enum)}." if field.enum else ""
    return f"`{field.name}` ({field.type}{unit}; {', '.join(marks)}): {field.description}{listed}"


def citation(version: Version, chosen: Filter, scope: Scope, address: str, today: date) -> str:
    """Say how to cite a view, with version, dates and address."""
    part = f", of {scope.words()}" if scope.chosen() else ""
    return (
        f"One Mind Campaign dashboard {__version__}, data version {version.number} "
        f"(published {long_day(version.published_at.date())}), "
        f"as of {long_day(chosen.as_of or today)}{part}, {chosen.words()}. "
        f"{address} (looked at {long_day(today)})."
    )
