"""What a digest says, as plain facts: numbers, and departments by what they came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from onemind import metrics, narrative
from onemind.campaign import Filter
from onemind.metrics import PROGRESS, Changes, MetricName, Point, Query
from onemind.store import Window
from onemind.words import counted, long_day, percent, short_day, whole_percent

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Item:
    """One department and why it is listed."""

    department_id: str
    name: str
    place: str
    words: str


@dataclass(frozen=True)
class Part:
    """Departments under one heading; `now` says how many there are of the kind in all."""

    title: str
    items: tuple[Item, ...]
    now: str = ""


@dataclass(frozen=True)
class Number:
    """A number of the campaign, and its change: "+3", "" where it is the same."""

    label: str
    value: str
    change: str


@dataclass(frozen=True)
class Digest:
    """All that a digest says; a part without departments is left out."""

    title: str
    span: str
    sentence: str
    numbers: tuple[Number, ...]
    parts: tuple[Part, ...]
    stand: str
    sample: str


def digest(window: Window, before: Point, after: Point) -> Digest:
    """Return what became of the window's departments from one point to another."""
    found = metrics.changes(window, before, after)
    version = window.version(after.version)
    assert version
    where = window.sight.scope.words()
    return Digest(
        title=f"{window.rules.campaign}: {where}",
        span=f"What changed from {long_day(before.day)} to {long_day(after.day)}",
        sentence=narrative.sentence(_frame(found.new)) if found.new else "No department is here.",
        numbers=tuple(_numbers(window, found)) if found.new else (),
        parts=tuple(part for part in _parts(window, found) if part.items),
        stand=f"As of {long_day(after.day)}, version {version.number}",
        sample="Sample campaign: made-up figures." if version.sample else "",
    )


def _parts(window: Window, found: Changes) -> Iterator[Part]:
    yield _reached(found, "pledged", "New pledges", "pledged on {}", "pledged_on")
    yield _reached(found, "completed", "Completed", "pledged on {}", "pledged_on")
    yield _reached(found, "overdue", "Newly overdue", "the deadline was {}", "deadline_on")
    yield _reached(found, "due_soon", "Due soon", "due on {}", "deadline_on")
    yield _ending(found)
    yield _silent(window, found)


def _reached(found: Changes, what: str, title: str, words: str, day: str) -> Part:
    items = tuple(_item(row, words.format(short_day(row[day]))) for row in found.reached(what))
    if what == "pledged":
        count = sum(row["pledged_on"] is not None for row in found.new.values())
    else:
        count = sum(row["stage"] == what for row in found.new.values())
    return Part(title, items, f"{count:,} in all")


def _ending(found: Changes) -> Part:
    """Departments where certificates end within 90 days and none did before."""
    rows = [row for row in found.new.values() if row["expiring_90d"]]
    new = [
        row for row in rows if not (found.old.get(row["department_id"]) or {}).get("expiring_90d")
    ]
    items = tuple(_item(row, counted(row["expiring_90d"], "officer")) for row in new)
    return Part("MHFA certificates that end within 90 days", items,
                f"{counted(len(rows), 'department')} in all")  # fmt: skip


def _silent(window: Window, found: Changes) -> Part:
    days = window.rules.spans["silent_days"]
    before = {item.department_id for item in _concerns(found.old, found.before.day, days)}
    now = _concerns(found.new, found.after.day, days)
    items = tuple(
        _item(found.new[item.department_id], item.reason)
        for item in now
        if item.department_id not in before
    )
    return Part("Silent", items, f"{len(now):,} in all")


def _concerns(rows: Mapping[str, dict[str, Any]], day: date, days: int) -> list[narrative.Concern]:
    found = narrative.concerns(_frame(rows), day, days) if rows else []
    return [item for item in found if item.kind == "silent"]


def _frame(rows: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows.values()), columns=list(PROGRESS))


def _item(row: Mapping[str, Any], words: str) -> Item:
    return Item(row["department_id"], row["name"], narrative.place(dict(row)), words)


def _numbers(window: Window, found: Changes) -> Iterator[Number]:
    for name in metrics.OVERVIEW:
        old, new = (_value(window, name, point) for point in (found.before, found.after))
        declared = metrics.metric(name)
        shown = UNKNOWN if new is None else percent(new) if declared.is_share else f"{new:,.0f}"
        yield Number(declared.label, shown, _change(old, new, declared.is_share))


def _value(window: Window, name: MetricName, point: Point) -> float | None:
    chosen = Filter(version=point.version, as_of=point.day)
    value: float | None = metrics.query(window, Query(name, (), chosen), point.day).rows[0][0]
    return value


def _change(old: float | None, new: float | None, is_share: bool) -> str:
    if old is None or new is None:
        return ""
    difference = whole_percent(new) - whole_percent(old) if is_share else round(new - old)
    if not difference:
        return ""
    sign = "+" if difference > 0 else "−"
    return f"{sign}{counted(abs(difference), 'point') if is_share else f'{abs(difference):,}'}"
