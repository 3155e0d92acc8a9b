"""Small random campaigns that keep to the contracts of design.md §4, and CSV texts of them.

Days are drawn around the borders of §5 as seen from the as-of date (a deadline, an expiry, D + 90,
D - 180, a new edition, a leap day), so that facts often fall on a border or a day beside it.
"""

import csv
import datetime
import io
from typing import Any

from hypothesis import strategies as st

from tests.support.oracle import COURSES, add_months

Day = datetime.date
Row = dict[str, Any]
Tables = dict[str, list[Row]]

HEADERS = {
    "departments": (
        "department_id name type municipality county state country ori population sworn_officers "
        "nonsworn_staff counts_as_of latitude longitude contact_name contact_email"
    ),
    "pledges": (
        "department_id pledged_on precision edition policy_adopted_on completion_claimed_on "
        "completion_confirmed_on withdrawn_on source"
    ),
    "officers": "department_id officer_id sworn joined_on left_on exempt_until exempt_reason",
    "training": "department_id officer_id course completed_on sworn expires_on hours provider",
    "training_totals": (
        "department_id as_of mhfa_trained cit_trained both_trained nonsworn_trained"
    ),
    "partners": "partner_id name kind municipality county state latitude longitude website",
    "partnerships": "department_id partner_id kind signed_on ended_on",
    "outcomes": (
        "department_id period_start period_end mh_calls trained_officer_on_scene resolved_on_scene "
        "referred_to_care transported_voluntary transported_involuntary arrests force_used "
        "officer_injuries civilian_injuries repeat_contacts"
    ),
    "feedback": "department_id course period_start responses rated_beneficial",
}
COLUMNS: dict[str, list[str]] = {name: header.split() for name, header in HEADERS.items()}
TYPES = ["municipal", "county", "state", "campus", "tribal", "transit", "hospital", "other"]
PARTNER_KINDS = ["community_behavioral_health", "hospital", "nami", "recovery_coalition"]
PARTNER_KINDS += ["court", "school", "council_on_aging", "other"]
PARTNERSHIP_KINDS = ["co_response", "jail_diversion", "training", "referral", "other"]

AS_OF_DAYS = [
    datetime.date(2016, 2, 29),
    datetime.date(2017, 9, 20),
    datetime.date(2018, 12, 31),
    datetime.date(2019, 1, 1),
    datetime.date(2020, 2, 29),
    datetime.date(2020, 8, 31),
    datetime.date(2020, 9, 20),
    datetime.date(2022, 12, 31),
    datetime.date(2023, 1, 1),
    datetime.date(2023, 2, 28),
    datetime.date(2024, 2, 29),
    datetime.date(2024, 11, 30),
    datetime.date(2025, 6, 30),
    datetime.date(2026, 3, 31),
]
NEW_EDITIONS = [datetime.date(2019, 1, 1), datetime.date(2023, 1, 1)]
ODD_DAYS = [
    datetime.date(2016, 2, 29),
    datetime.date(2017, 8, 31),
    datetime.date(2020, 2, 29),
    datetime.date(2021, 1, 31),
]


def as_of() -> st.SearchStrategy[Day]:
    return st.sampled_from(AS_OF_DAYS)


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Tables, Day]:
    """A campaign and the day to look at it, its days drawn around that day's borders."""
    day = draw(as_of())
    return draw(tables(day)), day


@st.composite
def tables(draw: st.DrawFn, around: Day | None = None) -> Tables:
    """One to four departments with all that is known of them, days drawn around `around`."""
    day = around or draw(as_of())
    result: Tables = {"departments": [], "partners": draw(partners())}
    partner_ids = [partner["partner_id"] for partner in result["partners"]]
    for number in range(1, draw(st.sampled_from([1, 2, 3, 4, 4, 4])) + 1):
        department = draw(departments(f"D{number}", day))
        result["departments"].append(department)
        parts = {
            "pledges": pledges(day),
            "officers": st.one_of(st.just([]), officers(day)),
            "training": training(day),
            "training_totals": training_totals(day, department["sworn_officers"] or 5),
            "partnerships": partnerships(day, partner_ids),
        }
        for name, rows in parts.items():
            key = {"department_id": department["department_id"]}
            result.setdefault(name, []).extend(key | row for row in draw(rows))
    return {name: result[name] for name in COLUMNS if name in result}


# Days


def beside(borders: list[Day]) -> list[Day]:
    """Each border, the day before it and the day after it, in order."""
    days = {day + datetime.timedelta(days=step) for day in borders for step in (-1, 0, 1)}
    return sorted(days)


def plus(day: Day, days: int) -> Day:
    return day + datetime.timedelta(days=days)


def pledge_days(day: Day) -> list[Day]:
    """Of pledges due on `day` or 180 days on, made on `day`, with a new edition, on an odd day."""
    deadlines = [add_months(day, -36), add_months(plus(day, 180), -36)]
    return sorted({*beside([day, *deadlines, *NEW_EDITIONS]), *ODD_DAYS})


def course_days(day: Day) -> list[Day]:
    """Of certificates that end about `day` or 90 days on after three years, or are 180 days old."""
    ending = [add_months(day, -36), add_months(plus(day, 90), -36)]
    recent = [plus(day, -days) for days in (20, 40, 60, 80, 100, 120, 140, 160)]
    return sorted({*beside([*ending, plus(day, -180), day]), *recent, *ODD_DAYS})


def event_days(day: Day) -> list[Day]:
    """What happens about `day`: yesterday, today, tomorrow, and well before or after."""
    return [plus(day, -400), *beside([day]), plus(day, 400)]


def end_days(day: Day) -> list[Day]:
    """Ends written on a certificate: about `day` and about 90 days on."""
    return sorted({*beside([day, plus(day, 90)]), plus(day, 400)})


def perhaps(values: list[Any], one_in: int = 2) -> st.SearchStrategy[Any]:
    """One of the values, once in so many times; otherwise blank."""
    blanks = [None] * (len(values) * (one_in - 1))
    return st.sampled_from([*blanks, *values] or [None])


def not_before(start: Day | None, days: list[Day]) -> list[Day]:
    return [day for day in days if start is None or day >= start]


# Rows, still without their department_id


@st.composite
def departments(draw: st.DrawFn, department_id: str, day: Day) -> Row:
    return dict.fromkeys(COLUMNS["departments"]) | {
        "department_id": department_id,
        "name": f"Police Department {department_id}",
        "type": draw(st.sampled_from(TYPES)),
        "municipality": draw(perhaps(["Avon", "Manchester-by-the-Sea"])),
        "county": draw(perhaps(["Norfolk", "Essex"])),
        "state": draw(st.sampled_from(["MA", "NH"])),
        "country": draw(perhaps(["US"])),
        "population": draw(perhaps([0, 1, 4500])),
        "sworn_officers": draw(st.sampled_from([None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11])),
        "nonsworn_staff": draw(perhaps([0, 3])),
        "counts_as_of": draw(perhaps(event_days(day))),
    }


@st.composite
def pledges(draw: st.DrawFn, day: Day) -> list[Row]:
    """None to three pledges, each on its own day; what follows a pledge is never before it."""
    fewest = draw(st.sampled_from([0, 1, 1, 2]))
    days = st.sampled_from(pledge_days(day))
    made = draw(st.lists(days, min_size=fewest, max_size=3, unique=True))
    return [draw(one_pledge(pledged_on, day)) for pledged_on in made]


@st.composite
def one_pledge(draw: st.DrawFn, pledged_on: Day, day: Day) -> Row:
    after = not_before(pledged_on, event_days(day))
    claimed_on = draw(perhaps(after, one_in=3))
    return {
        "pledged_on": pledged_on,
        "precision": draw(perhaps(precisions(pledged_on))),
        "edition": draw(perhaps(["2016", "2019", "current"])),
        "policy_adopted_on": draw(perhaps(event_days(day))),
        "completion_claimed_on": claimed_on,
        "completion_confirmed_on": draw(perhaps(not_before(claimed_on, after), one_in=4)),
        "withdrawn_on": draw(perhaps(after, one_in=5)),
        "source": draw(perhaps(["letter"])),
    }


def precisions(pledged_on: Day) -> list[str]:
    """A month or a year alone is kept as the period's first day."""
    known = ["day"]
    if pledged_on.day == 1:
        known.append("month")
    if (pledged_on.month, pledged_on.day) == (1, 1):
        known.append("year")
    return known


@st.composite
def officers(draw: st.DrawFn, day: Day) -> list[Row]:
    fewest = draw(st.sampled_from([1, 4]))
    numbers = draw(st.lists(st.integers(1, 9), min_size=fewest, max_size=9, unique=True))
    return [draw(one_officer(f"o{number}", day)) for number in sorted(numbers)]


@st.composite
def one_officer(draw: st.DrawFn, officer_id: str, day: Day) -> Row:
    joined_on = draw(perhaps(event_days(day), one_in=3))
    return {
        "officer_id": officer_id,
        "sworn": draw(st.sampled_from([True, True, True, False])),
        "joined_on": joined_on,
        "left_on": draw(perhaps(not_before(joined_on, event_days(day)), one_in=5)),
        "exempt_until": draw(perhaps(event_days(day), one_in=5)),
        "exempt_reason": draw(perhaps(["leave", "injury"], one_in=6)),
    }


@st.composite
def training(draw: st.DrawFn, day: Day) -> list[Row]:
    """None or one of tomorrow; else a few, perhaps a class too; unique by the key of §4."""
    fewest = draw(st.sampled_from([0, 1, 5]))
    keys = draw(st.lists(certificate_keys(day), min_size=fewest, max_size=2 * fewest))
    if fewest == 0:
        keys = draw(st.sampled_from([[], [("o1", "MHFA", plus(day, 1))]]))
    elif draw(st.booleans()):
        _, course, completed_on = draw(certificate_keys(day))
        size = draw(st.sampled_from([3, 7, 8]))
        keys += [(f"o{number}", course, completed_on) for number in range(1, size + 1)]
    return [draw(one_certificate(*key, day)) for key in dict.fromkeys(keys)]


def certificate_keys(day: Day) -> st.SearchStrategy[tuple[str, str, Day]]:
    officer_ids = st.integers(1, 9).map("o{}".format)
    courses = st.sampled_from([*COURSES, "MHFA", "MHFA"])
    return st.tuples(officer_ids, courses, st.sampled_from(course_days(day)))


@st.composite
def one_certificate(
    draw: st.DrawFn, officer_id: str, course: str, completed_on: Day, day: Day
) -> Row:
    return {
        "officer_id": officer_id,
        "course": course,
        "completed_on": completed_on,
        "sworn": draw(st.sampled_from([None, None, None, True, True, False])),
        "expires_on": draw(perhaps(not_before(completed_on, end_days(day)), one_in=3)),
        "hours": draw(perhaps([6.5, 8.0, 40.0])),
        "provider": draw(perhaps(["National Council"])),
    }


@st.composite
def training_totals(draw: st.DrawFn, day: Day, sworn: int) -> list[Row]:
    fewest, days = draw(st.sampled_from([0, 1, 2])), st.sampled_from(event_days(day))
    dates = draw(st.lists(days, min_size=fewest, max_size=3, unique=True))
    return [draw(one_total(date, sworn)) for date in dates]


@st.composite
def one_total(draw: st.DrawFn, date: Day, sworn: int) -> Row:
    """Counts about a fifth, a half and all of the sworn; both_trained never above either."""
    counts = [0, sworn // 5, sworn // 5 + 1, sworn // 2, sworn - 1, sworn, sworn + 1]
    mhfa, cit = draw(st.sampled_from(counts)), draw(st.sampled_from(counts))
    return {
        "as_of": date,
        "mhfa_trained": mhfa,
        "cit_trained": cit,
        "both_trained": draw(perhaps(list(range(min(mhfa, cit) + 1)))),
        "nonsworn_trained": draw(perhaps([0, 2])),
    }


@st.composite
def partners(draw: st.DrawFn) -> list[Row]:
    blank = dict.fromkeys(COLUMNS["partners"])
    kinds = draw(st.lists(st.sampled_from(PARTNER_KINDS), max_size=2))
    return [
        blank | {"partner_id": f"p{number}", "name": f"Partner {number}", "kind": kind}
        for number, kind in enumerate(kinds, start=1)
    ]


@st.composite
def partnerships(draw: st.DrawFn, day: Day, partner_ids: list[str]) -> list[Row]:
    if not partner_ids:
        return []
    partner, kind = st.sampled_from(partner_ids), st.sampled_from(PARTNERSHIP_KINDS)
    key = st.tuples(partner, kind, st.sampled_from(event_days(day)))
    rows = []
    for partner_id, kind_of_it, signed_on in draw(st.lists(key, max_size=2, unique=True)):
        ended_on = draw(perhaps(not_before(signed_on, event_days(day))))
        row = {"partner_id": partner_id, "kind": kind_of_it}
        rows.append(row | {"signed_on": signed_on, "ended_on": ended_on})
    return rows


# CSV texts


def to_csv(rows: list[Row], columns: list[str]) -> str:
    """The rows as a CSV text: ISO dates, yes and no, blank for None."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    return text.getvalue()


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, Day) else str(value)


def sheet(*lines: str) -> str:
    """A literal CSV, a line an argument."""
    return "\n".join(lines) + "\n"


def column(rows: dict[str, Row], name: str) -> dict[str, Any]:
    """One column of `progress`, by department_id."""
    return {department_id: row[name] for department_id, row in rows.items()}
