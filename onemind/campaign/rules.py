"""Practices, editions and courses: the campaign's rule as data in `rules/*.toml`.

A folder named by ONEMIND_RULES may hold any of the three files; what it holds replaces ours.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from onemind.errors import ContractError

FOLDER = Path(__file__).parent / "rule_files"
MEASURES = ("mhfa", "cit", "either")
SPANS = (
    "earliest_months", "deadline_months", "due_soon_days", "expiring_days", "reminder_days",
    "pace_days", "silent_days",
)  # fmt: skip


@dataclass(frozen=True)
class Edition:
    """One edition of the rule; `rank` counts them from the oldest, 0."""

    id: str
    rank: int
    title: str
    description: str
    starts_on: date
    dated: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """A course: the practice it counts toward, from which edition, for how many months."""

    id: str
    title: str
    practice: str
    from_edition: str
    valid_months: int | None
    hours: float | None
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """The share of sworn officers that `measure` must reach under an edition."""

    edition: str
    measure: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Practice:
    """One thing a pledge promises; training practices have a Need for each edition."""

    id: str
    title: str
    description: str
    met_when: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Rules:
    """The whole rule. The spans are in months or days, as their names say."""

    editions: tuple[Edition, ...]
    courses: tuple[Course, ...]
    practices: tuple[Practice, ...]
    campaign: str
    launched_on: date
    spans: dict[str, int]

    def words(self, vocabulary: str) -> dict[str, str]:
        """Return every way to write a value of a vocabulary ("courses", "editions") -> its id."""
        items: tuple[Course | Edition, ...] = (
            self.courses if vocabulary == "courses" else self.editions
        )
        meanings = {item.id.lower(): item.id for item in items}
        for item in items:
            meanings |= {word.lower(): item.id for word in (item.title, *item.synonyms)}
        return meanings


@cache
def load_rules(folder: Path | None = None) -> Rules:
    """Read the rules, each file from `folder` where it is there, else from ours.

    Raises ContractError when a file can't be read or contradicts itself.
    """
    if folder and not folder.is_dir():
        raise ContractError(f"There is no folder {folder}. Create it, or unset ONEMIND_RULES.")
    try:
        return _build(*(_toml(folder, name) for name in ("editions", "courses", "practices")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ContractError(f"The rules can't be read: {error}.") from error


def _toml(folder: Path | None, name: str) -> dict[str, Any]:
    own = folder / f"{name}.toml" if folder else None
    path = own if own and own.exists() else FOLDER / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _build(editions: dict[str, Any], courses: dict[str, Any], practices: dict[str, Any]) -> Rules:
    campaign = dict(practices["campaign"])
    rules = Rules(
        editions=tuple(_edition(rank, raw) for rank, raw in enumerate(editions["edition"])),
        courses=tuple(_course(raw) for raw in courses["course"]),
        practices=tuple(_practice(raw) for raw in practices["practice"]),
        campaign=campaign.pop("name"),
        launched_on=campaign.pop("launched_on"),
        spans=campaign,
    )
    _prove(rules)
    return rules


def _edition(rank: int, raw: dict[str, Any]) -> Edition:
    words = tuple(raw.get("synonyms", ()))
    return Edition(
        raw["id"], rank, raw["title"], raw["description"], raw["starts_on"], raw["dated"], words
    )


def _course(raw: dict[str, Any]) -> Course:
    return Course(
        raw["id"],
        raw["title"],
        raw["practice"],
        raw["from_edition"],
        raw.get("valid_months"),
        raw.get("hours"),
        tuple(raw.get("synonyms", ())),
    )


def _practice(raw: dict[str, Any]) -> Practice:
    needs = tuple(
        Need(need["edition"], need["measure"], *need["needed"]) for need in raw.get("needs", ())
    )
    return Practice(raw["id"], raw["title"], raw["description"], raw["met_when"], needs)


def _prove(rules: Rules) -> None:
    """Refuse rules that contradict themselves or name something that does not exist."""
    starts = [item.starts_on for item in rules.editions]
    if not starts or starts != sorted(set(starts)):
        raise ContractError("The editions must be listed oldest first, each with a day of its own.")
    _prove_known(rules)
    for items in (rules.editions, rules.courses, rules.practices):
        _prove_single([item.id.lower() for item in items])
    for listed in (rules.editions, rules.courses):
        words = [
            {item.id.lower(), item.title.lower(), *map(str.lower, item.synonyms)} for item in listed
        ]
        _prove_single([word for item in words for word in item])
    for course in rules.courses:
        if course.valid_months is not None and course.valid_months <= 0:
            raise ContractError(f"The course {course.id} has valid_months below 1.")
    for name in SPANS:
        if not isinstance(rules.spans.get(name), int):
            raise ContractError(f"The practices need {name}, a whole number.")


def _prove_known(rules: Rules) -> None:
    editions, practices = (
        {item.id for item in rules.editions},
        {item.id for item in rules.practices},
    )
    named = {course.from_edition for course in rules.courses}
    named |= {need.edition for practice in rules.practices for need in practice.needs}
    if unknown := sorted(named - editions):
        raise ContractError(f"The rules speak of editions that do not exist: {unknown}.")
    if unknown := sorted({course.practice for course in rules.courses} - practices):
        raise ContractError(f"The courses speak of practices that do not exist: {unknown}.")
    for need in (need for practice in rules.practices for need in practice.needs):
        if need.measure not in MEASURES:
            raise ContractError(
                f"'{need.measure}' is no measure; there are: {', '.join(MEASURES)}."
            )
        if need.denominator <= 0 or need.numerator <= 0:
            raise ContractError("What is needed must be a fraction above 0, such as [1, 5].")


def _prove_single(words: list[str]) -> None:
    for word in words:
        if words.count(word) > 1:
            raise ContractError(f"The rules say '{word}' twice; each word must mean one thing.")
