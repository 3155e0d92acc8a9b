"""An effect in words: the campaign's numbers, then how many come to which stage, then whom."""

from __future__ import annotations

from collections import Counter
from typing import Any

from onemind.campaign import PRACTICES, STAGES, STATUSES, TRAINING
from onemind.metrics import metric
from onemind.publishing.effects import DepartmentEffect, Effect, MetricEffect
from onemind.words import counted, percent

UNCHANGED = "No stage and no practice changes, and no share by a whole percent."
SHARES = {f"{name}_share": PRACTICES[name] for name in TRAINING}


def sentences(effect: Effect, most: int = 12) -> list[str]:
    """Say an effect line by line: at most `most` departments by name, the rest counted.

    Shares are rounded down: 100% means all.
    """
    names = Counter(item.name for item in effect.departments)
    ordered = sorted(effect.departments, key=_rank)
    lines = [line for item in effect.metrics if (line := _number(item))]
    for item in effect.stages:
        verb = "becomes" if item.departments == 1 else "become"
        lines.append(f"{counted(item.departments, 'department')} {verb} {_stage(item.stage)}")
    for count, word in ((effect.new, "new"), (effect.gone, "removed")):
        if count:
            lines.append(f"{counted(count, 'department')} {'is' if count == 1 else 'are'} {word}")
    lines += [_department(item, names[item.name] > 1) for item in ordered[:most]]
    if rest := len(ordered[most:]):
        lines.append(f"and {counted(rest, 'more department')}")
    return lines or [UNCHANGED]


def _number(item: MetricEffect) -> str | None:
    """Say one number, or nothing where both sides read the same."""
    shown = metric(item.metric)
    old, new = (_value(value, shown.is_share) for value in (item.before, item.after))
    label = shown.label if shown.label[:2].isupper() else shown.label[0].lower() + shown.label[1:]
    return f"{label} {old} → {new}" if old != new else None


def _value(value: float | None, is_share: bool) -> str:
    if value is None:
        return "unknown"
    return percent(value) if is_share else f"{value:,}"


def _rank(item: DepartmentEffect) -> tuple[int, int, str, str]:
    """Stages first (a new department had none), then practices, then shares, largest first."""
    old, new = (side.stage if side else "not_pledged" for side in (item.before, item.after))
    changed = item.changes()
    pairs = [pair for name, pair in changed.items() if name in SHARES]
    moves = [abs((after or 0) - (before or 0)) for before, after in pairs]
    kinds = (old != new, not PRACTICES.keys().isdisjoint(changed), bool(changed), True)
    return kinds.index(True), -max(moves, default=0), item.name, item.department_id


def _department(item: DepartmentEffect, ambiguous: bool) -> str:
    who = f"{item.name} ({item.department_id})" if ambiguous else item.name
    if item.before is None and item.after is not None:
        return f"{who}: new, {_stage(item.after.stage)}"
    if item.after is None and item.before is not None:
        return f"{who}: removed, was {_stage(item.before.stage)}"
    return f"{who}: " + ", ".join(_change(name, *pair) for name, pair in item.changes().items())


def _change(name: str, old: Any, new: Any) -> str:
    if name == "stage":
        return f"{_stage(old)} → {_stage(new)}"
    if name in PRACTICES:
        return f"{_practice(name)} {STATUSES[old].lower()} → {STATUSES[new].lower()}"
    return f"{SHARES[name]} {_percent(old)} → {_percent(new)}"


def _practice(name: str) -> str:
    return f"{PRACTICES[name]} practice" if name in TRAINING else PRACTICES[name].lower()


def _percent(value: int | None) -> str:
    return "unknown" if value is None else f"{value}%"


def _stage(stage: str) -> str:
    return STAGES[stage].lower()
