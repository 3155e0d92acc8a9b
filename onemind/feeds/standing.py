"""What everything here is of: a window, the version it shows and the day it is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from onemind.campaign import Filter, Sight
from onemind.errors import NotPossibleNow
from onemind.store import Store, Version, Window

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class Standing:
    """One version through a window on a day; `titles` are those of the pages it may be of (None:
    all).
    """

    window: Window
    version: Version
    today: date
    titles: tuple[str, ...] | None = None

    @property
    def chosen(self) -> Filter:
        """The version and the day that everything is asked of."""
        return Filter(as_of=self.today, version=self.version.number)

    @property
    def sample(self) -> str:
        """What is said where the figures are made up."""
        return "Sample campaign: made-up figures." if self.version.sample else ""

    def shows(self, *titles: str) -> bool:
        """Whether one of these pages is among those it may be of."""
        return self.titles is None or bool(set(titles) & set(self.titles))


def standing(
    store: Store, sight: Sight, today: date, titles: tuple[str, ...] | None = None
) -> Standing:
    """Return how things stand for a partner of that sight: contacts and small counts stay out.

    Raises NotPossibleNow while nothing is published.
    """
    window = Window(store, replace(sight, contacts=False, small_counts=False))
    version = window.current()
    if version is None:
        raise NotPossibleNow("Nothing is published yet. Come back after the first publish.")
    return Standing(window, version, today, titles)


def plain(text: str) -> str:
    """Return a text without signs that XML and calendars can't carry."""
    return CONTROL.sub(" ", text)
