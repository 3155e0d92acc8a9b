"""Comparing two stores: every row of every version, and every number made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from onemind import metrics
from onemind.campaign import Filter
from onemind.store import Store
from onemind.store.moving import content


def differences(one: Store, other: Store, say: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for each version that differs in a row, in a number, or in what is known."""
    mine, theirs = one.versions(), other.versions()
    if len(mine) != len(theirs):
        yield f"One has {len(mine):,} versions, the other {len(theirs):,}."
    for left, right in zip(mine, theirs, strict=False):
        say(f"Comparing version {left.number}")
        if left.record() != right.record():
            yield f"What is known of version {left.number} differs."
        for name, rows in content(one, left.number).items():
            if rows != content(other, left.number)[name]:
                yield f"The rows of {name} in version {left.number} differ."
        as_of = left.published_at.date()
        if numbers(one, left.number, as_of) != numbers(other, left.number, as_of):
            yield f"The numbers of version {left.number} differ."


def numbers(store: Store, version: int, as_of: date) -> dict[str, Any]:
    """Return every metric over all departments, and each department's progress, of a version."""
    chosen = Filter(as_of=as_of, version=version)
    found: dict[str, Any] = {
        name: metrics.query(store, metrics.Query(name, (), chosen), as_of).rows
        for name in metrics.MetricName
    }
    found["progress"] = metrics.progress(store, chosen, as_of).records()
    return found
