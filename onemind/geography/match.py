"""One place under its several names: "Lanesboro" and "Lanesborough", "Amherst Town city".

Names are joined with county and state, never by census code: a code changes when a town becomes a
city. A name is no key by itself: where it fits two places the county decides, or nothing is joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from onemind.geography.places import counties, municipalities

KINDS = {
    *("borough", "charter", "city", "gore", "grant", "location", "plantation", "purchase"),
    *("town", "township", "village"),
}
DIVISIONS = (" county", " parish", " borough", " census area", " municipality", " municipio")


def folded(name: str) -> str:
    """Return a name as it is compared: lower case, no accents, Saint and Mount shortened."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", bare.replace("'", "")).split()
    return " ".join({"saint": "st", "mount": "mt"}.get(word, word) for word in words)


def plain(name: str) -> str:
    """Return a folded name without the words for kinds of places at its end."""
    words = folded(name).split()
    while len(words) > 1 and words[-1] in KINDS:
        words.pop()
    return " ".join(words)


def known_county(name: str, state: str) -> str | None:
    """Return a county as `counties.csv` names it, from any way to write it; None for unknown."""
    known = {county.lower(): county for county in counties(state)}
    text = name.strip().lower()
    for ending in ("", *DIVISIONS):
        if ending and not text.endswith(ending):
            continue
        if found := known.get(text.removesuffix(ending)):
            return found
    return None


@cache
def _spellings(state: str) -> dict[str, str]:
    rows = municipalities(state)
    spellings = {folded(alias): row.name for row in rows for alias in row.aliases}
    return spellings | {folded(row.name): row.name for row in rows}


def place_name(name: str, state: str) -> str | None:
    """Return a municipality as `places.csv` names it; None for one that is not listed there."""
    known = _spellings(state)
    return known.get(folded(name)) or known.get(plain(name))


@dataclass(frozen=True)
class Index:
    """Places of one state by name; each is an id with its name and county."""

    state: str
    by_name: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    by_plain: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def find(self, name: str | None, county: str | None) -> str | None:
        """Return the id of the one place of that name, in that county where two share it."""
        if not name:
            return None
        known = place_name(name, self.state) or name
        inside = known_county(county or "", self.state)
        for key in (folded(known), folded(name)):
            if candidates := self.by_name.get(key):
                return _only(candidates, inside, sure=True)
        return _only(self.by_plain.get(plain(name), []), inside, sure=inside is None)


def _only(candidates: list[tuple[str, str]], county: str | None, sure: bool) -> str | None:
    """The one found; where the name alone is not sure enough, only if it is in the county."""
    if len(candidates) == 1 and sure:
        return candidates[0][0]
    inside = [place for place, lies_in in candidates if lies_in == county]
    return inside[0] if len(inside) == 1 else None


def index(state: str, places: Iterable[tuple[str, str, str]]) -> Index:
    """Return an index of places given as (id, name, county)."""
    by_name, by_plain = defaultdict(list), defaultdict(list)
    for place, name, county in places:
        by_name[folded(name)].append((place, county))
        by_plain[plain(name)].append((place, county))
    return Index(state, dict(by_name), dict(by_plain))
