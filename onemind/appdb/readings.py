"""Readings remembered: how a set of headers is read, each under a name of its own.

What a reading holds is the business of `ingest`; here it is a record of plain values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from onemind.appdb.database import METADATA, Database, Moment
from onemind.errors import WrongUse

READINGS = sa.Table(
    "readings",
    METADATA,
    sa.Column("header", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("labels", sa.JSON, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)
NAMES = "Department names"  # those decided for files of any header


@dataclass(frozen=True)
class SavedReading:
    """A reading under its name, with the headers it is for: none is for any."""

    name: str
    labels: tuple[str, ...]
    record: dict[str, Any]
    author: str
    saved_at: datetime


class Readings:
    """The readings remembered; a name belongs to one set of headers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[SavedReading]:
        """Return all readings, by name."""
        rows = self._database.rows(sa.select(READINGS).order_by(READINGS.c.name))
        return [_saved(row) for row in rows]

    def of(self, labels: Iterable[str]) -> dict[str, Any]:
        """Return the record for a set of headers, {} where there is none."""
        query = sa.select(READINGS.c.record).where(READINGS.c.header == header_key(labels))
        rows = self._database.rows(query)
        return dict(rows[0]["record"]) if rows else {}

    def named(self, name: str) -> SavedReading:
        """Return the reading of that name; raises WrongUse when there is none."""
        rows = self._database.rows(sa.select(READINGS).where(READINGS.c.name == name))
        if not rows:
            known = ", ".join(item.name for item in self.all()) or "none yet"
            raise WrongUse(f"There is no reading called '{name}'. There are: {known}.")
        return _saved(rows[0])

    def save(
        self,
        labels: Iterable[str],
        record: Mapping[str, Any],
        author: str,
        now: datetime,
        file: str = "",
    ) -> str:
        """Remember how a set of headers is read; returns its name, made of the file's at first."""
        labels = [label for label in labels if label]
        key = header_key(labels)
        names = {row["name"]: row["header"] for row in self._database.rows(sa.select(READINGS))}
        name = next((name for name, header in names.items() if header == key), None)
        name = name or _free(_name_of(file, record) if labels else NAMES, set(names))
        self._database.put(READINGS, header=key, name=name, labels=labels, record=dict(record),
                           author=author, saved_at=now)  # fmt: skip
        return name

    def change(self, name: str, record: Mapping[str, Any], author: str, now: datetime) -> None:
        """Give a reading another record; raises WrongUse when there is none of that name."""
        self.named(name)
        self._database.change(
            sa.update(READINGS)
            .where(READINGS.c.name == name)
            .values(record=dict(record), author=author, saved_at=now)
        )

    def rename(self, name: str, new: str) -> None:
        """Give a reading another name; raises WrongUse where one has it, or it is blank."""
        self.named(name)
        new = " ".join(new.split())
        if not new:
            raise WrongUse("Give the reading a name.")
        try:
            self._database.change(
                sa.update(READINGS).where(READINGS.c.name == name).values(name=new)
            )
        except IntegrityError as error:
            raise WrongUse(f"Another reading is called '{new}'. Choose another name.") from error

    def remove(self, name: str) -> None:
        """Forget a reading; raises WrongUse when there is none of that name."""
        self.named(name)
        self._database.change(sa.delete(READINGS).where(READINGS.c.name == name))

    def names(self) -> dict[str, str]:
        """Return the departments decided by name: the spelled name's key -> department_id."""
        return dict(self.of(()).get("names", {}))

    def remember_names(self, decided: Mapping[str, str], author: str, now: datetime) -> None:
        """Remember which department each spelled name means, whatever the file."""
        self.save((), {"names": {**self.names(), **decided}}, author, now)


def header_key(labels: Iterable[str]) -> str:
    """Return the key of a set of headers: order and case do not matter."""
    return json.dumps(sorted({" ".join(label.lower().split()) for label in labels if label}))


def _saved(row: Mapping[str, Any]) -> SavedReading:
    return SavedReading(
        row["name"], tuple(row["labels"]), dict(row["record"]), row["author"], row["saved_at"]
    )


def _name_of(file: str, record: Mapping[str, Any]) -> str:
    """A file's name without what changes from one to the next: its dates and numbers."""
    stem = re.sub(r"[\W_]*\d[\d\W_]*", " ", PurePath(file).stem)
    return " ".join(stem.split())[:80] or str(record.get("dataset") or "Reading")


def _free(name: str, taken: set[str]) -> str:
    tries = [name, *(f"{name} {number}" for number in range(2, len(taken) + 3))]
    return next(item for item in tries if item not in taken)
