"""What became of each row of a file: it can be published, is left out for a reason, or is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from onemind.ingest.staging.part import LEFT_OUT, REPEAT, WRONG, Part
from onemind.store import Connection

SOUND = "sound"
MOST_ROWS = 100_000
REASONS = {
    "blank": "blank",
    "header": "repeats the header",
    "totals": "totals",
    "filler": "no data",
    "hidden": "hidden in the workbook",
    REPEAT: "the same as an earlier row",
}


@dataclass(frozen=True)
class Tally:
    """The rows of a file below its header: those that can be published, those left out by reason,
    and those with an error. The three add up to `rows`.
    """

    rows: int
    sound: int
    wrong: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def left_out_rows(self) -> int:
        """How many rows are left out, for any reason."""
        return sum(self.left_out.values())


def tally(con: Connection, part: Part) -> Tally:
    """Count what became of each row of one file, each kind by itself."""
    lines, notes = {line for line, *_ in part.refused}, len(part.notes)
    became = _plain(con, part) if part.plain else _checked(con, part)
    total = became.total() + len(lines) + sum(part.source.left_out.values())
    sound, wrong = became.pop(SOUND, 0), became.pop(WRONG, 0) + len(lines) - notes
    left_out = Counter({_reason(part, reason): count for reason, count in became.items()})
    left_out[REASONS["filler"]] += notes
    left_out.update(part.source.left_out)
    return Tally(total, sound, wrong, {reason: n for reason, n in left_out.items() if n})


def _plain(con: Connection, part: Part) -> Counter[str]:
    """Count a file without faults: only its keys may leave a row out."""
    (rows,) = con.execute(f"select count(*) from {part.table}").fetchone() or (0,)
    con.execute(LEFT_OUT)
    taken_out = con.execute(
        f"""
        select why, count(*) from (select distinct place, why from left_out
        where part = {part.number}) group by why"""
    ).fetchall()
    became = Counter(dict(taken_out))
    return Counter({SOUND: rows - became.total(), **became})


def _checked(con: Connection, part: Part) -> Counter[str]:
    con.execute(LEFT_OUT)
    found = con.execute(
        f"""
        with taken_out as (
            select place, any_value(why) as why from left_out where part = {part.number} group by 1
        )
        select
            case when p.reason is not null then p.reason
                when t.why = '{REPEAT}' then t.why
                when t.why is not null or not ({part.clean(None)}) then '{WRONG}'
                else '{SOUND}' end as became,
            count(*)
        from {part.table} p left join taken_out t on p.rowid = t.place group by 1"""
    ).fetchall()
    return Counter(dict(found))


def _reason(part: Part, reason: str) -> str:
    """Return a reason in words; a number is that of a rule."""
    if reason in REASONS:
        return REASONS[reason]
    return part.learned.rules[int(reason)].header


def left_out(con: Connection, part: Part) -> tuple[tuple[int, str], ...]:
    """Return the rows of one file that are left out, by number, each with its reason in words."""
    con.execute(LEFT_OUT)
    taken_out = f"select place, why from left_out where part = {part.number} and why <> '{WRONG}'"
    if not part.plain:
        taken_out += f" union select rowid, reason from {part.table} where reason <> 'blank'"
    rows = con.execute(f"select * from ({taken_out}) order by place limit {MOST_ROWS}").fetchall()
    return tuple((part.row(place), _reason(part, why)) for place, why in rows)
