"""The `progress` table of design.md §5 and §7, worked out slowly in plain Python.

The tests hold the SQL model to it, so it shares nothing with the project: no SQL, no TOML, no
cleverness. `tables` maps a dataset's name to its rows, each a dict by column with typed values
(date, int, float, str, bool for yes/no, None or no such column for blank).
"""

import calendar
import datetime
from typing import Any, NamedTuple

Day = datetime.date
Row = dict[str, Any]

EDITIONS = [
    ("2016", datetime.date(1, 1, 1)),
    ("2019", datetime.date(2019, 1, 1)),
    ("current", datetime.date(2023, 1, 1)),
]
DEADLINE_MONTHS = 36
DUE_SOON_DAYS = 180
EXPIRING_DAYS = 90
PACE_DAYS = 180
DAYS_A_MONTH = 30.44
NEVER = datetime.date.max

EVERY_EDITION = ["2016", "2019", "current"]
SINCE_2019 = ["2019", "current"]
COURSES = {  # course: (practice, months it is valid or None for ever, editions it counts under)
    "MHFA": ("mhfa", 36, EVERY_EDITION),
    "MHFA-EQ": ("mhfa", 36, SINCE_2019),
    "CIT": ("cit", None, EVERY_EDITION),
    "CIT-EQ": ("cit", None, SINCE_2019),
    "CRIT": ("cit", None, SINCE_2019),
}


class Certificate(NamedTuple):
    """A certificate of an officer who counts, toward a practice of the department's edition."""

    officer_id: str
    practice: str
    completed_on: Day
    ends_on: Day  # the last day it is valid


class Trained(NamedTuple):
    """How many sworn officers are trained; low and high bound those with either certificate."""

    mhfa: int
    cit: int
    low: int
    high: int


def progress(tables: dict[str, list[Row]], as_of: Day) -> dict[str, Row]:
    """Every department's row of `progress` on `as_of`, by department_id."""
    result = {}
    for department in tables.get("departments", []):
        own = {}
        for name in ["pledges", "officers", "training", "training_totals", "partnerships"]:
            own[name] = rows_of(department["department_id"], tables.get(name, []))
        result[department["department_id"]] = one_department(department, own, as_of)
    return result


def rows_of(department_id: str, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["department_id"] == department_id]


def one_department(department: Row, own: dict[str, list[Row]], as_of: Day) -> Row:
    """The columns of §7, in order."""
    pledge, without = pledge_in_force(own["pledges"], as_of)
    edition = edition_of(pledge, as_of)
    sworn = sworn_officers(department, own["officers"], as_of)
    source, totals = source_of(own["training"], own["training_totals"], as_of)
    certificates = counted_certificates(own["training"], own["officers"], edition, as_of)
    reported = reported_numbers(source, totals, certificates, as_of)
    capped = cap(reported, sworn)

    row = {name: department.get(name) for name in ["department_id", "name", "type"]}
    row |= {name: department.get(name) for name in ["municipality", "county", "state"]}
    row["edition"] = edition
    row["pledged_on"] = pledge["pledged_on"] if pledge else None
    row["deadline_on"] = deadline(pledge) if pledge else None
    row["stage"] = stage(pledge, as_of) if pledge else without
    row["sworn"] = sworn
    row["source"] = source
    row["reported_on"] = reported_on(source, totals, own["training"], as_of)
    row["mhfa_trained"] = capped.mhfa if capped else None
    row["cit_trained"] = capped.cit if capped else None
    row["trained_low"] = capped.low if capped else None
    row["trained_high"] = capped.high if capped else None
    row |= practices(own, edition, sworn, capped, as_of)
    row["check_counts"] = above_sworn(reported, sworn)
    row |= renewals(source, certificates, as_of)
    row |= forecast(source, certificates, gap(edition, sworn, capped), as_of)
    return row


# Dates


def add_months(day: Day, months: int) -> Day:
    """The same day so many months later, or that month's last day where it has no such day."""
    year, month_before = divmod(day.year * 12 + (day.month - 1) + months, 12)
    month = month_before + 1
    last = calendar.monthrange(year, month)[1]
    return datetime.date(year, month, min(day.day, last))


def happened(day: Day | None, as_of: Day) -> bool:
    """Only facts dated on or before D count."""
    return day is not None and day <= as_of


# Pledge, edition, deadline, stage


def pledge_in_force(pledges: list[Row], as_of: Day) -> tuple[Row | None, str]:
    """The latest pledge by D, unless withdrawn by D; without one, the stage that says why."""
    made = [pledge for pledge in pledges if happened(pledge["pledged_on"], as_of)]
    if not made:
        return None, "not_pledged"
    latest = max(made, key=lambda pledge: pledge["pledged_on"])
    if happened(latest.get("withdrawn_on"), as_of):
        return None, "withdrawn"
    return latest, ""


def edition_of(pledge: Row | None, as_of: Day) -> str:
    """As written in the pledge in force, else by its date; without one, the edition of D."""
    if pledge is not None and pledge.get("edition") is not None:
        return str(pledge["edition"])
    day = pledge["pledged_on"] if pledge is not None else as_of
    edition = ""
    for name, begins_on in EDITIONS:
        if begins_on <= day:
            edition = name
    return edition


def deadline(pledge: Row) -> Day:
    return add_months(pledge["pledged_on"], DEADLINE_MONTHS)


def stage(pledge: Row, as_of: Day) -> str:
    """The first that holds for a pledge in force."""
    if happened(pledge.get("completion_confirmed_on"), as_of):
        return "completed"
    if happened(pledge.get("completion_claimed_on"), as_of):
        return "awaiting_confirmation"
    if as_of > deadline(pledge):
        return "overdue"
    if (deadline(pledge) - as_of).days <= DUE_SOON_DAYS:
        return "due_soon"
    return "in_progress"


# Sworn officers


def sworn_officers(department: Row, roster: list[Row], as_of: Day) -> int | None:
    """Any roster row makes the roster decide; a blank or 0 is unknown."""
    count = len(active_sworn(roster, as_of)) if roster else department.get("sworn_officers")
    return None if count == 0 else count


def active_sworn(roster: list[Row], as_of: Day) -> set[str]:
    """The officer_ids of the roster's sworn officers at work on D."""
    active = set()
    for officer in roster:
        joined_on, left_on = officer.get("joined_on"), officer.get("left_on")
        joined = joined_on is None or joined_on <= as_of
        still_there = left_on is None or left_on > as_of
        if officer["sworn"] and joined and still_there and not is_exempt(officer, as_of):
            active.add(officer["officer_id"])
    return active


def is_exempt(officer: Row, as_of: Day) -> bool:
    reason, until = officer.get("exempt_reason"), officer.get("exempt_until")
    if reason is None and until is None:
        return False
    return until is None or until >= as_of


# Training


def counted_certificates(
    training: list[Row], roster: list[Row], edition: str, as_of: Day
) -> list[Certificate]:
    """The certificates completed by D, counting under the edition, of officers who count.

    Those are the roster's active sworn officers (the `sworn` of training is then ignored);
    without a roster the officers of rows that do not say sworn = no.
    """
    active = active_sworn(roster, as_of)
    counted = []
    for row in training:
        practice, months, editions = COURSES[row["course"]]
        officer_counts = row["officer_id"] in active if roster else row.get("sworn") is not False
        if officer_counts and edition in editions and happened(row["completed_on"], as_of):
            ends_on = end_of_certificate(row, months)
            counted.append(Certificate(row["officer_id"], practice, row["completed_on"], ends_on))
    return counted


def end_of_certificate(row: Row, months: int | None) -> Day:
    """The last day it is valid: as written, else by the course's months, else never."""
    written: Day | None = row.get("expires_on")
    if written is not None:
        return written
    if months is None:
        return NEVER
    return add_months(row["completed_on"], months)


def is_valid(certificate: Certificate, as_of: Day) -> bool:
    return certificate.completed_on <= as_of <= certificate.ends_on


def holders(certificates: list[Certificate], practice: str, as_of: Day) -> set[str]:
    """The officers holding a certificate valid on D toward the practice."""
    return {
        certificate.officer_id
        for certificate in certificates
        if certificate.practice == practice and is_valid(certificate, as_of)
    }


def source_of(
    training: list[Row], training_totals: list[Row], as_of: Day
) -> tuple[str, Row | None]:
    """Where the numbers come from, and for totals the latest row by D."""
    for row in training:
        if happened(row["completed_on"], as_of):
            return "records", None
    reports = [row for row in training_totals if happened(row["as_of"], as_of)]
    if not reports:
        return "none", None
    return "totals", max(reports, key=lambda row: row["as_of"])


def reported_numbers(
    source: str, totals: Row | None, certificates: list[Certificate], as_of: Day
) -> Trained | None:
    """The numbers as the source gives them, not yet capped; None without a source."""
    if source == "records":
        mhfa = holders(certificates, "mhfa", as_of)
        cit = holders(certificates, "cit", as_of)
        either = len(mhfa | cit)
        return Trained(len(mhfa), len(cit), either, either)
    if totals is None:
        return None
    mhfa, cit, both = totals["mhfa_trained"], totals["cit_trained"], totals.get("both_trained")
    if both is not None:
        return Trained(mhfa, cit, mhfa + cit - both, mhfa + cit - both)
    return Trained(mhfa, cit, max(mhfa, cit), mhfa + cit)


def cap(reported: Trained | None, sworn: int | None) -> Trained | None:
    if reported is None or sworn is None:
        return reported
    return Trained(*[min(number, sworn) for number in reported])


def above_sworn(reported: Trained | None, sworn: int | None) -> bool:
    """check_counts: mhfa, cit or the low end of the union was above a known sworn."""
    if reported is None or sworn is None:
        return False
    return max(reported.mhfa, reported.cit, reported.low) > sworn


def reported_on(source: str, totals: Row | None, training: list[Row], as_of: Day) -> Day | None:
    """The latest date by D in the source of the numbers."""
    if source == "records":
        days: list[Day] = [row["completed_on"] for row in training]
        return max(day for day in days if day <= as_of)
    found: Day | None = totals["as_of"] if totals is not None else None
    return found


# The four practices


def practices(
    own: dict[str, list[Row]], edition: str, sworn: int | None, trained: Trained | None, as_of: Day
) -> Row:
    statuses = {
        "partnership": partnership_status(own["partnerships"], as_of),
        "policy": policy_status(own["pledges"], as_of),
        "mhfa": mhfa_status(edition, sworn, trained),
        "cit": cit_status(sworn, trained),
    }
    all_met = all(status == "met" for status in statuses.values())
    return statuses | {"compliant_today": all_met}


def partnership_status(partnerships: list[Row], as_of: Day) -> str:
    signed = [row for row in partnerships if happened(row["signed_on"], as_of)]
    for row in signed:
        if row.get("ended_on") is None or row["ended_on"] > as_of:
            return "met"
    return "not_met" if signed else "not_reported"


def policy_status(pledges: list[Row], as_of: Day) -> str:
    """Any pledge row will do, whatever its own date or withdrawal."""
    for pledge in pledges:
        if happened(pledge.get("policy_adopted_on"), as_of):
            return "met"
    return "not_reported"


def mhfa_status(edition: str, sworn: int | None, trained: Trained | None) -> str:
    if sworn is None or trained is None:
        return "not_reported"
    if edition in ["2016", "2019"]:
        return "met" if trained.mhfa >= sworn else "not_met"
    if trained.low >= sworn:
        return "met"
    if trained.high < sworn:
        return "not_met"
    return "unclear"


def cit_status(sworn: int | None, trained: Trained | None) -> str:
    """At least 20% of sworn officers, in whole numbers: 5 times the trained reach the sworn."""
    if sworn is None or trained is None:
        return "not_reported"
    return "met" if trained.cit * 5 >= sworn else "not_met"


# Renewals and the forecast: from records only


def renewals(source: str, certificates: list[Certificate], as_of: Day) -> Row:
    """expiring_90d: all their valid mhfa certificates end by D + 90; lapsed: none is valid."""
    if source != "records":
        return {"expiring_90d": None, "lapsed": None}
    horizon = as_of + datetime.timedelta(days=EXPIRING_DAYS)
    held = [certificate for certificate in certificates if certificate.practice == "mhfa"]
    expiring, lapsed = 0, 0
    for officer_id in {certificate.officer_id for certificate in held}:
        ends = []
        for certificate in held:
            if certificate.officer_id == officer_id and is_valid(certificate, as_of):
                ends.append(certificate.ends_on)
        if not ends:
            lapsed += 1
        elif max(ends) <= horizon:
            expiring += 1
    return {"expiring_90d": expiring, "lapsed": lapsed}


def gap(edition: str, sworn: int | None, trained: Trained | None) -> int | None:
    """How many sworn officers the edition still wants trained; None is unknown."""
    if sworn is None or trained is None:
        return None
    if edition in ["2016", "2019"]:
        return sworn - trained.mhfa
    return sworn - trained.low


def forecast(source: str, certificates: list[Certificate], missing: int | None, as_of: Day) -> Row:
    """The pace of officers' first mhfa certificates, and the day it closes the gap."""
    if source != "records":
        return {"pace_per_month": None, "projected_on": None}
    newly = newly_trained(certificates, as_of)
    pace = newly * DAYS_A_MONTH / PACE_DAYS
    if newly == 0 or missing is None or missing == 0:
        return {"pace_per_month": pace, "projected_on": None}
    days, rest = divmod(missing * PACE_DAYS, newly)
    if rest > 0:
        days += 1
    return {"pace_per_month": pace, "projected_on": as_of + datetime.timedelta(days=days)}


def newly_trained(certificates: list[Certificate], as_of: Day) -> int:
    """Officers whose first mhfa certificate was completed in (D - 180 days, D]."""
    first: dict[str, Day] = {}
    for certificate in certificates:
        officer_id, completed_on = certificate.officer_id, certificate.completed_on
        if certificate.practice == "mhfa":
            first[officer_id] = min(first.get(officer_id, completed_on), completed_on)
    begins_after = as_of - datetime.timedelta(days=PACE_DAYS)
    return sum(1 for day in first.values() if begins_after < day <= as_of)
