"""The SQL models: one SELECT a file in `models/`, running as it stands over plain tables."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from onemind.contract import DATASETS
from onemind.errors import ContractError

FOLDER = Path(__file__).parent / "models"


@cache
def text(name: str) -> str:
    """Return a model's SELECT; raises ContractError when there is none of that name."""
    path = FOLDER / f"{name}.sql"
    if not path.exists():
        raise ContractError(f"There is no model called '{name}'.")
    return path.read_text(encoding="utf-8").strip()


@cache
def needs(name: str) -> tuple[str, ...]:
    """Return the models a model rests on, itself last, each after those it needs."""
    order: list[str] = []
    known = {path.stem for path in FOLDER.glob("*.sql")}
    for word in dict.fromkeys(re.findall(r"(?:from|join)\s+([a-z_]+)", text(name))):
        if word in known and word != name:
            order += [item for item in needs(word) if item not in order]
    return (*order, name)


@cache
def datasets(name: str) -> frozenset[str]:
    """Return the datasets a model reads, directly or through others."""
    words = re.findall(r"(?:from|join)\s+([a-z_]+)", " ".join(map(text, needs(name))))
    return frozenset(words) & frozenset(DATASETS)


@cache
def with_models(*names: str) -> str:
    """Return a WITH clause that defines models and all they need, to put before a SELECT."""
    wanted = dict.fromkeys(item for name in names for item in needs(name))
    parts = (f"{item} as materialized (\n{text(item)}\n)" for item in wanted)
    return "with " + ",\n".join(parts)
