"""An offer as files: the data alone as CSV; with title, filters and version as a workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onemind import documents, metrics
from onemind.ui.base.exports.offers import Offer
from onemind.words import long_day

LONGEST = 120  # letters of a file's name


@dataclass(frozen=True)
class Saved:
    """An offer, whose sight it is in words, and the one thing that it is about, if it is."""

    offer: Offer
    sight: str
    subject: str = ""

    @property
    def filters(self) -> str:
        """What it is of, in words."""
        view = self.offer.view
        if self.subject:
            return self.subject
        return view.filter.words() if view.filter.chosen() else self.sight

    @property
    def notes(self) -> tuple[str, ...]:
        """The lines that every file carries but a CSV: of what, as of when, which version."""
        view = self.offer.view
        published = long_day(view.version.published_at.astimezone().date())
        sample = ("Sample campaign: made-up figures.",) if view.version.sample else ()
        return (
            f"{self.filters[:1].upper()}{self.filters[1:]}",
            f"As of {long_day(view.as_of)}, version {view.version.number}, published {published}",
            *sample,
        )

    def name(self, ending: str = "") -> str:
        """Return the file's name: the words of a CSV, which has none inside."""
        view = self.offer.view
        said = _plain(f"{self.offer.title} {self.filters}")[:LONGEST].strip("-")
        return f"{said}-as-of-{view.as_of}-version-{view.version.number}{ending}"

    def csv(self) -> bytes:
        """Return the data as CSV."""
        return metrics.export.to_csv(self.offer.columns, self.offer.rows).encode()

    def xlsx(self) -> bytes:
        """Return title, notes and data as a workbook."""
        offer = self.offer
        return documents.sheet.as_xlsx(offer.title, self.notes, offer.columns, offer.rows)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())
