"""What each department's letter says, as plain facts: for paper, and for mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from onemind import metrics, narrative
from onemind.campaign import STATUSES, Filter, Rules
from onemind.documents.brief_campaign import ink_of
from onemind.documents.letters.text import Text, filled
from onemind.drawing.palette import STATUS_SIGNS
from onemind.errors import NotPossibleNow, WrongUse
from onemind.mail import usable
from onemind.metrics import Dossier, Source
from onemind.narrative import Check
from onemind.words import long_day

NOBODY = "whoever sent you this letter"


@dataclass(frozen=True)
class Letter:
    """One department's letter: filled in, with its report card and where it goes.

    `address` is "" where there is none that can be used; `given` is what the data has for it.
    """

    department_id: str
    name: str
    place: str
    contact: str
    given: str
    address: str
    stage: str
    deadline_on: date | None
    met: str
    missing: str
    subject: str
    paragraphs: tuple[str, ...]
    checks: tuple[dict[str, str], ...]
    stand: str
    sample: str

    @property
    def file(self) -> str:
        """A name for its files, without a suffix; two departments may have the same."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", self.name).strip("-")
        return plain[:80] or "letter"

    def words(self) -> str:
        """Return it as plain text, the report card too."""
        card = [
            f"- {row['title']}: {row['status']}. {row['found']} ({row['on']})\n"
            f"  Asked for: {row['asked']}"
            for row in self.checks
        ]
        foot = " ".join(filter(None, (f"{self.stand}.", self.sample)))
        return "\n\n".join((*self.paragraphs, "REPORT CARD", "\n".join(card), foot)) + "\n"


def letters(
    source: Source, chosen: Filter, text: Text, answer_to: str, today: date
) -> tuple[Letter, ...]:
    """Return a letter for each department that the filter keeps, by state and name.

    Raises WrongUse when that is none, or when the text has an unknown field; NotPossibleNow while
    nothing is published.
    """
    version = source.version(chosen.version)
    if version is None:
        raise NotPossibleNow("Nothing is published yet. Publish data first, then write letters.")
    text, cards = text.proven(), metrics.cards(source, chosen, today)
    if not cards:
        raise WrongUse(f"No department matches: {chosen.words()}. Broaden the filter.")
    stand = f"As of {long_day(chosen.as_of or today)}, version {version.number}"
    sample = "Sample campaign: made-up figures." if version.sample else ""
    return tuple(
        _letter(card, source.rules, text, answer_to or NOBODY, stand, sample) for card in cards
    )


def _letter(
    card: Dossier, rules: Rules, text: Text, answer_to: str, stand: str, sample: str
) -> Letter:
    row, about = card.row, card.about
    checks = narrative.checklist(card, rules)
    values = _values(card, rules, checks, answer_to)
    return Letter(
        department_id=row["department_id"],
        name=row["name"],
        place=values["place"],
        contact=about["contact_name"] or "",
        given=about["contact_email"] or "",
        address=usable(about["contact_email"]),
        stage=values["stage"],
        deadline_on=row["deadline_on"],
        met=values["met"],
        missing=values["missing"],
        subject=" ".join(filled(text.subject, values).split()),
        paragraphs=text.paragraphs(values),
        checks=tuple(map(_checked, checks)),
        stand=stand,
        sample=sample,
    )


def _values(
    card: Dossier, rules: Rules, checks: tuple[Check, ...], answer_to: str
) -> dict[str, str]:
    """Return what takes the place of each field."""
    row = card.row
    edition = next(item for item in rules.editions if item.id == row["edition"])
    return {
        "department": row["name"],
        "contact": card.about["contact_name"] or "Chief",
        "place": narrative.place(row),
        "stage": narrative.stage(row),
        "standing": narrative.standing(card),
        "pledged": long_day(row["pledged_on"]) if row["pledged_on"] else "no pledge in force",
        "deadline": long_day(row["deadline_on"]) if row["deadline_on"] else "no deadline",
        "edition": edition.title.lower(),
        "met": _listed(item for item in checks if item.status == "met"),
        "missing": _listed(item for item in checks if item.status != "met"),
        "as_of": long_day(card.as_of),
        "answer_to": answer_to,
        "campaign": rules.campaign,
    }


def _listed(checks: Any) -> str:
    """Write practices as people list them; "none" where there are none."""
    titles = [item.title if item.title.isupper() else item.title.lower() for item in checks]
    *first, last = titles or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def _checked(item: Check) -> dict[str, str]:
    return {
        "title": item.title,
        "sign": STATUS_SIGNS[item.status],
        "status": STATUSES[item.status],
        "color": ink_of(item.status),
        "asked": item.asked,
        "found": item.found,
        "on": long_day(item.on) if item.on else "no date",
    }
