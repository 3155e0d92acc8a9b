"""Departments by name instead of id: exactly, by what was decided before, else by suggestion.

A name that fits one department is read as that one, and a warning says so. A name that fits several
is asked about, never guessed; a name that fits none gets the most similar one as a suggestion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onemind.ingest.matching.suggest import word

SHORT_ORI = 7  # characters; the FBI's own ids have two more, for agencies of one place
NOISE = re.compile(r"\b(police|department|dept|pd|of|the|town|city|public safety)\b")
# What people shorten, for a suggestion only: a name so shortened is never taken without asking.
SHORTENED = {
    "umass": "university massachusetts", "suny": "state university new york", "univ": "university",
    "u": "university", "coll": "college", "so": "sheriffs office", "sheriff": "sheriffs office",
    "co": "county", "hosp": "hospital", "transit": "transportation", "mbta":
    "massachusetts bay transportation authority", "st": "saint", "mt": "mount", "twp": "township",
}  # fmt: skip
HINTS = ("municipality", "county", "state")


@dataclass(frozen=True)
class Department:
    """A department that a name may mean."""

    id: str
    name: str
    municipality: str = ""
    county: str = ""
    state: str = ""


@dataclass(frozen=True)
class WrittenName:
    """A name as a file spells it, with what else its rows say of the place."""

    name: str
    municipality: str = ""
    county: str = ""
    state: str = ""

    @property
    def key(self) -> str:
        """The key under which a decision about it is remembered."""
        return "|".join(
            part.lower() for part in (self.name, self.municipality, self.county, self.state)
        )


@dataclass(frozen=True)
class NameMatch:
    """What a spelled name means: one id, or the candidates, or a suggestion, or nothing."""

    id: str | None = None
    candidates: tuple[Department, ...] = ()
    suggestion: Department | None = None


def bare(name: str) -> str:
    """Return a department's name without "Police Department" and the like: "Lee PD" is "lee"."""
    plain = re.sub(r"[^a-z0-9 ]", " ", name.lower().replace("'s", "s"))
    kept = " ".join(NOISE.sub(" ", plain).split())
    return kept or " ".join(plain.split())


def full(name: str) -> str:
    """Return a bare name with what people shorten written out: "UMass" and "Berkshire Co. SO"."""
    parts = (SHORTENED.get(part, part) for part in bare(name).split())
    return " ".join(dict.fromkeys(" ".join(parts).split()))


def letters(text: str) -> str:
    """Return an id without case, spaces, apostrophes and dashes: " ma-0145900" is "ma0145900"."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Roster:
    """The departments there are, found by name."""

    def __init__(
        self,
        departments: Iterable[Department],
        decided: Mapping[str, str] | None = None,
        towns: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`decided`: key of a written name -> id; `towns`: (state, other name) -> a town's name."""
        self.by_id = {item.id: item for item in departments}
        self.by_letters: dict[str, list[Department]] = defaultdict(list)
        for item in self.by_id.values():
            self.by_letters[letters(item.id)].append(item)
        self.decided = dict(decided or {})
        self.towns = dict(towns or {})
        self.by_name: dict[str, list[Department]] = defaultdict(list)
        for item in self.by_id.values():
            for name in {bare(item.name), *self._other_names(item)}:
                self.by_name[name].append(item)

    def _other_names(self, item: Department) -> set[str]:
        """A town's other spellings, for a department named after its town."""
        if bare(item.name) != bare(item.municipality):
            return set()
        return {
            bare(other)
            for (state, other), town in self.towns.items()
            if state == item.state and town == item.municipality
        }

    def find(self, spelled: WrittenName, suggest: bool = True) -> NameMatch:
        """Say which department is meant; with `suggest`, which is the most similar to none."""
        for key in (spelled.key, spelled.name.lower()):
            if self.decided.get(key) in self.by_id:
                return NameMatch(self.decided[key])
        if found := self._by_id(spelled.name):
            return found
        candidates = self.by_name.get(bare(spelled.name), [])
        exact = [item for item in candidates if item.name.lower() == spelled.name.lower()]
        fitting = [item for item in exact or candidates if _fits(item, spelled)]
        if len(fitting) == 1:
            return NameMatch(fitting[0].id)
        if fitting:
            return NameMatch(candidates=tuple(sorted(fitting, key=lambda item: item.id)))
        return NameMatch(suggestion=self._similar(spelled) if suggest else None)

    def _by_id(self, text: str) -> NameMatch | None:
        """Say which id is meant but for case, spaces, apostrophes and dashes; a short ORI asks."""
        key = letters(text)
        same = self.by_letters.get(key, [])
        if len(same) == 1:
            return NameMatch(same[0].id)
        if same:
            return NameMatch(candidates=tuple(same))
        if len(key) != SHORT_ORI or not any(sign.isdigit() for sign in key):
            return None
        longer = [item for item in self.by_id.values() if letters(item.id)[:SHORT_ORI] == key]
        if len(longer) == 1:
            return NameMatch(suggestion=longer[0])
        return NameMatch(candidates=tuple(longer)) if longer else None

    def _similar(self, spelled: WrittenName) -> Department | None:
        near = [item for item in self.by_id.values() if _fits(item, spelled)]
        names = {full(item.name): item for item in near}
        best = word(full(spelled.name), names, likely=82)
        return names[best] if best else None


def _fits(item: Department, spelled: WrittenName) -> bool:
    """Whether what the row says of the place agrees, as far as both say anything."""
    pairs = ((getattr(item, hint), getattr(spelled, hint)) for hint in HINTS)
    return all(not a or not b or a.lower() == b.lower() for a, b in pairs)
