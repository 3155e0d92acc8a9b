"""What is odd but never blocks a publish: one table of conditions, each with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from onemind.campaign import Contract, Rules
from onemind.ingest.problem import Problem
from onemind.ingest.staging.part import Part, sound_rows
from onemind.store import Connection

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Oddity:
    """A condition on new rows (alias n); `value` is shown, `message` says what to do.

    Both may speak of {today} and {launched_on}.
    """

    dataset: str
    code: str
    column: str
    condition: str
    message: str
    value: str = ""
    join: str = ""


EARLY = "n.{0} >= n.pledged_on and n.{0} < n.pledged_on + to_months(spans.earliest_months)"
IN_STATE = "select 1 from counties c where c.state = n.state"
PLACED = "select 1 from places p where p.state = n.state"
# Of a period: the one before it that lasts longest, and the next one.
NEIGHBORS = """
    select department_id, period_start,
        max(period_end) over before as ended,
        arg_max(period_start, period_end) over before as began,
        lead(period_start) over periods as next_begins,
        lead(period_end) over periods as next_ends
    from ({outcomes})
    window periods as (partition by department_id order by period_start),
        before as (periods rows between unbounded preceding and 1 preceding)"""
AFTER = {
    "departments": "department_id, sworn_officers",
    "outcomes": "department_id, period_start, period_end",
}

ODDITIES = (
    Oddity(
        "pledges", "before-launch", "pledged_on", "n.pledged_on < {launched_on}",
        "Row {row}: the pledge of {value} is dated before the campaign began on {launched_on}.",
    ),
    *(
        Oddity(
            "pledges", "early-completion", column, EARLY.format(column),
            "Row {row}: '" + column + "' is {value}, under {earliest} months after the pledge.",
            join="cross join spans",
        )
        for column in ("completion_claimed_on", "completion_confirmed_on")
    ),
    *(
        Oddity(
            "pledges", "early-completion", column, f"n.{column} < n.pledged_on",
            "Row {row}: '" + column + "' is {value}, before the pledge. "
            "Check whether the two dates are swapped.",
        )
        for column in ("completion_claimed_on", "completion_confirmed_on")
    ),
    Oddity(
        "pledges", "edition-ahead", "edition", "e.starts_on > n.pledged_on",
        "Row {row}: edition {value} did not exist yet on the date of the pledge.",
        join="join editions e using (edition)",
    ),
    *(
        Oddity(
            dataset, "unknown-county", "county",
            f"n.county is not null and exists ({IN_STATE})"
            f" and not exists ({IN_STATE} and lower(c.county) = lower(n.county))",
            "Row {row}: there is no county '{value}' in the state given. It is kept as written.",
        )
        for dataset in ("departments", "partners")
    ),
    *(
        Oddity(
            dataset, "unknown-place", "municipality",
            f"n.municipality is not null and exists ({PLACED})"
            f" and not exists ({PLACED} and list_contains(string_split(lower(p.municipality || '|'"
            " || coalesce(p.aliases, '')), '|'), lower(n.municipality)))",
            "Row {row}: '{value}' is not on our list of the state's cities and towns, "
            "so the map can't place it by name. It is kept as written.",
        )
        for dataset in ("departments", "partners")
    ),
    *(
        Oddity(
            dataset, "unknown-place", "state",
            condition + "not exists (select 1 from states s where s.code = n.state)",
            "Row {row}: '{value}' is not a state on our list. It is kept as written.",
        )
        for dataset, condition in (
            ("departments", "n.country = 'US' and "),
            ("partners", "n.state is not null and "),
        )
    ),
    Oddity(
        "training_totals", "more-trained-than-sworn", "mhfa_trained",
        "greatest(n.mhfa_trained, n.cit_trained) > d.sworn_officers",
        "Row {row}: {value} officers trained, more than the department has sworn officers. "
        "Shares are capped at 100%; check both counts.",
        value="greatest(n.mhfa_trained, n.cit_trained)",
        join="join ({departments}) d using (department_id)",
    ),
    Oddity(
        "outcomes", "overlap", "period_start",
        "o.ended >= n.period_start or o.next_begins <= n.period_end",
        "Row {row}: the department also reports {value}, which overlaps this period. Calls on the "
        "days in both are counted twice: keep one of them, such as the year or its months.",
        value="case when o.ended >= n.period_start then o.began || ' to ' || o.ended"
        " else o.next_begins || ' to ' || o.next_ends end",
        join=f"join ({NEIGHBORS}) o using (department_id, period_start)",
    ),
)  # fmt: skip


def oddities(
    con: Connection,
    parts: list[Part],
    rules: Rules,
    today: date,
    after: Callable[[str, str], str],
) -> Iterator[Problem]:
    """Find the odd rows of one dataset; `after(dataset, columns)` selects it as it will be."""
    parsed, rows = parts[0].contract, sound_rows(con, parts)
    by_number = {part.number: part for part in parts}
    whole = {name: after(name, columns) for name, columns in AFTER.items()}
    for odd in (*_future(parsed), *ODDITIES):
        if odd.dataset != parsed.name:
            continue
        parameters = {"today": today, "launched_on": rules.launched_on}
        condition = odd.condition.format(
            **{name: f"date '{day}'" for name, day in parameters.items()}
        )
        found = con.execute(
            f"""
            select n.part, n.place, {odd.value or f"n.{odd.column}"} from ({rows}) n
            {odd.join.format(**whole)}
            where {condition} order by all limit {MOST_ROWS}"""
        ).fetchall()
        for number, place, value in found:
            row = by_number[number].row(place)
            message = odd.message.format(
                row=row, value=value, earliest=rules.spans["earliest_months"], **parameters
            )
            yield by_number[number].problem(odd.code, row, odd.column, value, message)


def _future(parsed: Contract) -> Iterator[Oddity]:
    for field in parsed.fields:
        if field.past:
            yield Oddity(
                parsed.name,
                "future-date",
                field.name,
                f"n.{field.name} > {{today}}",
                "Row {row}: '" + field.name + "' is {value}, which is still to come. "
                "It counts from that day on.",
            )
