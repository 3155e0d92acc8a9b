"""The sample's partner organizations (made-up names in real towns) and who works with whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sample_dates import between, days
from sample_departments import Department, Place
from sample_pledges import LAST_DAY, Pledge

# kind -> (how a name of that kind reads, the towns)
KINDS = {
    "community_behavioral_health": (
        "{} Community Behavioral Health Center (sample)",
        "Barnstable, Boston, Brockton, Fall River, Fitchburg, Framingham, Greenfield, Holyoke, "
        "Lawrence, Lowell, Lynn, New Bedford, Pittsfield, Salem, Springfield, Worcester",
    ),
    "hospital": (
        "{} Regional Hospital (sample)",
        "Boston, Cambridge, Falmouth, Gardner, Milford, Northampton, Pittsfield, Weymouth",
    ),
    "nami": (
        "{} Area NAMI affiliate (sample)",
        "Barnstable, Beverly, Greenfield, Newton, Plymouth, Springfield, Taunton, Worcester",
    ),
    "recovery_coalition": (
        "{} Recovery Coalition (sample)",
        "Attleboro, Edgartown, Gloucester, Leominster, Marlborough, Methuen, Northampton, Quincy",
    ),
    "court": (
        "{} District Court clinic (sample)",
        "Brockton, Lowell, Orange, Quincy, Salem, Worcester",
    ),
    "school": (
        "{} Public Schools counselling office (sample)",
        "Amherst, Barnstable, Malden, Marshfield, Nantucket, Shrewsbury",
    ),
    "council_on_aging": (
        "{} Council on Aging (sample)",
        "Arlington, Dennis, Lee, Plymouth, Wareham",
    ),
    "other": (
        "{} Mobile Crisis Team (sample)",
        "Boston, Medford, Southbridge, Westfield",
    ),
}
WORK = {
    "community_behavioral_health": ("co_response", "co_response", "jail_diversion", "referral"),
    "hospital": ("referral", "referral", "training"),
    "nami": ("training", "training", "other"),
    "recovery_coalition": ("referral", "jail_diversion"),
    "court": ("jail_diversion",),
    "school": ("training", "referral"),
    "council_on_aging": ("referral", "other"),
    "other": ("co_response",),
}


@dataclass(frozen=True)
class Partner:
    """One row of partners.csv; the fields are its columns, in order."""

    partner_id: str
    name: str
    kind: str
    municipality: str | None
    county: str | None
    state: str | None
    latitude: float | None
    longitude: float | None
    website: str | None


@dataclass(frozen=True)
class Partnership:
    """One row of partnerships.csv; the fields are its columns, in order."""

    department_id: str
    partner_id: str
    kind: str
    signed_on: date
    ended_on: date | None


def build_partners(rng: Random, places: dict[str, Place]) -> list[Partner]:
    """Every partner organization, numbered in the order of the table above."""
    pairs = [
        (kind, pattern.format(town), town)
        for kind, (pattern, towns) in KINDS.items()
        for town in towns.split(", ")
    ]
    return [
        partner(rng, number, kind, name, town, places[town])
        for number, (kind, name, town) in enumerate(pairs, start=1)
    ]


def partner(rng: Random, number: int, kind: str, name: str, town: str, place: Place) -> Partner:
    """One organization in its town; some have no website or no point."""
    partner_id = f"P-{number:03d}"
    placed = rng.random() < 0.7
    return Partner(
        partner_id=partner_id,
        name=name,
        kind=kind,
        municipality=town,
        county=place.county,
        state="MA",
        latitude=place.latitude if placed else None,
        longitude=place.longitude if placed else None,
        website=f"https://example.org/{partner_id.lower()}" if rng.random() < 0.6 else None,
    )


def nearest_kind(rng: Random, partners: list[Partner], county: str | None) -> Partner:
    """A partner of the same county mostly; now and then one from further away."""
    near = [one for one in partners if one.county == county]
    return rng.choice(near if near and rng.random() < 0.85 else partners)


def build_partnerships(
    rng: Random, departments: list[Department], pledges: list[Pledge], partners: list[Partner]
) -> list[Partnership]:
    """Partnerships of three in four pledged departments, in order of department and partner."""
    by_id = {department.department_id: department for department in departments}
    rows: dict[tuple[str, str, str], Partnership] = {}
    for pledge in pledges:
        done = pledge.completion_claimed_on
        if not done and rng.random() < 0.28:
            continue
        for place in range(rng.choice((1, 1, 1, 2))):
            other = nearest_kind(rng, partners, by_id[pledge.department_id].county)
            row = partnership(rng, pledge, other, lasting=bool(done) and place == 0)
            rows.setdefault((row.department_id, row.partner_id, row.kind), row)
    return sorted(rows.values(), key=lambda row: (row.department_id, row.partner_id, row.kind))


def partnership(rng: Random, pledge: Pledge, other: Partner, lasting: bool) -> Partnership:
    """One agreement; a lasting one is in place before the pledge is claimed as completed."""
    latest = min(pledge.pledged_on + days(1100), LAST_DAY)
    if pledge.completion_claimed_on:
        latest = pledge.completion_claimed_on - days(10)
    signed = between(rng, pledge.pledged_on - days(60), latest)
    signed = max(signed, date(2016, 10, 17))
    ends = between(rng, signed + days(365), signed + days(2200))
    ended = ends if ends <= LAST_DAY and not lasting and rng.random() < 0.2 else None
    kind = rng.choice(WORK[other.kind])
    return Partnership(pledge.department_id, other.partner_id, kind, signed, ended)
