"""Counts of people under five, kept from whoever is not staff: the whole rule, in SQL.

Outcomes and ratings are given as whole calendar years of a department, and what is too small in
such a year is gone before anything is added up. Every total is then made of cells that could be
shown one by one, so taking one total from another, under any filter or as-of date, gives nothing.
Beyond that:

- A year is given once it was over when the version was published, outcomes only where the periods
  cover all of it, and of the newest version alone: else one day, or one version, minus another
  would be a month's count.
- A count is left out when the rest of the calls is small too: 48 of 50 says that 2 were not.
- Fewer than five calls: the whole year is left out, so that no zero says what all of them were not.
- The ways a call ends may add up to the calls. Where what the others leave could be no more than
  the hidden ones, all that GIVE_WAY go with them; referrals and arrests stay unless small.
- A count that a department did not give for every period of the year is not given for the year.
"""

from __future__ import annotations

from onemind.campaign import SMALL, Contract
from onemind.errors import NotPossibleNow

ENDINGS = (
    "resolved_on_scene", "referred_to_care", "transported_voluntary", "transported_involuntary",
    "arrests",
)  # fmt: skip
GIVE_WAY = ("resolved_on_scene", "transported_voluntary", "transported_involuntary")
WHOLE_YEAR = 365  # days


def kept_back(parsed: Contract, rows: str, published_in: int) -> str:
    """Return a SELECT of a dataset that counts people, small counts gone, from one of its rows.

    `published_in` is the year in which the version was published.
    """
    if parsed.name == "outcomes":
        return _outcomes(parsed, rows, published_in)
    if parsed.name == "feedback":
        return _ratings(rows, published_in)
    raise NotPossibleNow(f"Small counts in {parsed.name} can't be kept back.")


def _small(count: str) -> str:
    return f"({count}) between 1 and {SMALL - 1}"


def _outcomes(parsed: Contract, rows: str, published_in: int) -> str:
    counts = [field.name for field in parsed.fields if field.type == "integer"]
    sums = ", ".join(
        f"case when count({name}) = count(*) then sum({name})::bigint end as {name}"
        for name in counts
    )
    cells = ", ".join(
        name if name == "mh_calls" else f"case when not {_hides(name)} then {name} end as {name}"
        for name in counts
    )
    listed = ", ".join(
        f"case when not follows then {name} end as {name}" if name in GIVE_WAY else name
        for name in counts
    )
    return f"""
        with years as (
            select department_id, year(period_end) as year, {sums}
            from ({rows}) group by department_id, year(period_end)
            having sum(period_end - period_start + 1) >= {WHOLE_YEAR}
        ),
        cells as (
            select department_id, year, {cells}, {_hidden()} as hidden
            from years where year < {published_in} and not {_small("mh_calls")}
        ),
        joined as (
            select department_id, year, {", ".join(counts)}, {_follows()} as follows from cells
        )
        select department_id, make_date(year, 1, 1) as period_start,
            make_date(year, 12, 31) as period_end, {listed}
        from joined"""


def _hides(name: str) -> str:
    """Whether a count, or what it leaves of the calls, is small; a count not given is not."""
    return f"coalesce({_small(name)} or {_small(f'mh_calls - {name}')}, false)"


def _hidden() -> str:
    """How many of the ways a call ends are hidden."""
    return " + ".join(f"{_hides(name)}::integer" for name in ENDINGS)


def _follows() -> str:
    """Whether a hidden ending could follow from the calls and the endings shown."""
    shown = " + ".join(f"coalesce({name}, 0)" for name in ENDINGS)
    return f"hidden > 0 and mh_calls - ({shown}) <= hidden * {SMALL - 1}"


def _ratings(rows: str, published_in: int) -> str:
    """Ratings of a course are dated at the year's end, for they count once it is over."""
    few = " or ".join(
        _small(count) for count in ("responses", "rated_beneficial", "responses - rated_beneficial")
    )
    return f"""
        select department_id, course, period_start, responses, rated_beneficial from (
            select department_id, course, make_date(year(period_start), 12, 31) as period_start,
                sum(responses)::bigint as responses,
                sum(rated_beneficial)::bigint as rated_beneficial
            from ({rows}) where year(period_start) < {published_in}
            group by department_id, course, year(period_start)
        ) where not ({few})"""
