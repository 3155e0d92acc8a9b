"""The SQL models: one SELECT a file in `models/`, running as it stands over plain tables."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from onemind.campaign import DATASETS
from onemind.errors import ContractError
from onemind.store import Derived

FOLDER = Path(__file__).parent / "models"
# What does not depend on a day is made once a version; STREAMED is in memory for nothing else.
ONCE = (
    "rostered", "roster_spans", "report_spans", "rank_spans", "training_steps",
    "certificate_turns", "count_months",
)  # fmt: skip
AT_ONCE = {"officer_counts": "officer_counts_at_once"}  # what counts the same, with less to make
INLINED = frozenset({"certificates", "count_turns"})  # read once, and never as a whole on a day
STREAMED = frozenset({"training", "officers"})


@cache
def files() -> dict[str, Path]:
    """Return the file of each model by the model's name."""
    return {path.stem: path for path in sorted(FOLDER.rglob("*.sql"))}


@cache
def text(name: str) -> str:
    """Return a model's SELECT; raises ContractError when there is none of that name."""
    path = files().get(name)
    if path is None:
        raise ContractError(f"There is no model called '{name}'.")
    return path.read_text(encoding="utf-8").strip()


@cache
def needs(name: str, given: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the models a model rests on, itself last, each after those it needs.

    Those that are given, as tables, are left out, with what only they need.
    """
    order: list[str] = []
    known = files().keys() - set(given)
    for word in dict.fromkeys(_tables(text(name))):
        if word in known and word != name:
            order += [item for item in needs(word, given) if item not in order]
    return (*order, name)


def _tables(sql: str) -> list[str]:
    return re.findall(r"(?:from|join)\s+([a-z_]+)", re.sub(r"--[^\n]*", "", sql))


@cache
def datasets(name: str, given: tuple[str, ...] = ()) -> frozenset[str]:
    """Return the datasets a model reads, directly or through others that are not given."""
    words = _tables(" ".join(map(text, needs(name, given))))
    return frozenset(words) & frozenset(DATASETS)


@cache
def with_models(*names: str, given: tuple[str, ...] = ()) -> str:
    """Return a WITH clause that defines models and all they need, to put before a SELECT."""
    return _defining({item: item for name in names for item in needs(name, given)})


@cache
def with_models_at_once(name: str) -> str:
    """Return the same for one model and one day, for which adding up months does not pay."""
    return _defining(_at_once(name, ()))


def _at_once(name: str, given: tuple[str, ...]) -> dict[str, str]:
    """Return the models that a model rests on by the other way, each with the name it goes by."""
    models = {item: item for new in AT_ONCE.values() for item in needs(new, given)}
    models |= {new: old for old, new in AT_ONCE.items()}
    return models | {item: item for item in needs(name, (*given, *AT_ONCE))}


def _defining(models: dict[str, str]) -> str:
    return "with " + ",\n".join(
        f"{said} as {'not ' if name in INLINED else ''}materialized (\n{text(name)}\n)"
        for name, said in models.items()
    )


@lru_cache(maxsize=512)
def derived(name: str, columns: tuple[str, ...] = ("*",), days: tuple[date, ...] = ()) -> Derived:
    """Return a model as a table that is made once a version, or once a version and day.

    `days` are one day, or the ends of months that follow each other. The models of ONCE are tables
    of their own that it needs; on the first day of a version it is made AT_ONCE, without months.
    """
    given = tuple(item for item in ONCE if item != name)
    wanted = needs(name, given)
    table = _derived(name, {item: item for item in wanted}, given, columns, days)
    if len(days) != 1 or not AT_ONCE.keys() & set(wanted):
        return table
    return replace(table, at_once=_derived(name, _at_once(name, given), given, columns, days))


def _derived(
    name: str,
    defined: dict[str, str],
    given: tuple[str, ...],
    columns: tuple[str, ...],
    days: tuple[date, ...],
) -> Derived:
    """Return a table made of models, each defined under a name that may be another's."""
    words = frozenset(_tables(" ".join(map(text, defined))))
    read = words & frozenset(DATASETS)
    first_and_last = dict.fromkeys((days[0], days[-1])) if days else ()
    return Derived(
        name,
        f"{_defining(defined)}\nselect {', '.join(columns)} from {name}",
        read - STREAMED,
        read & STREAMED,
        tuple(derived(item) for item in given if item in words),
        days,
        "_".join(f"{day:%Y%m%d}" for day in first_and_last),
        by_department=True,
    )
