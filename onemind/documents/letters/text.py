"""The text of a letter: a subject and paragraphs, with names in braces for what differs.

Only the names in FIELDS mean something, and only as a whole: {deadline}. A text runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from onemind.appdb import AppDatabase
from onemind.appdb.sending import SavedText
from onemind.errors import WrongUse

NAME = "letter"
LONGEST_SUBJECT, LONGEST_BODY = 150, 3000
# What can stand in a text, with what takes its place.
FIELDS = {
    "department": "the department's name",
    "contact": "the contact's name, or Chief where none is known",
    "place": "its town, county and state",
    "stage": "the pledge's stage, such as Overdue",
    "standing": "a sentence on the pledge and its deadline",
    "pledged": "the day of the pledge",
    "deadline": "the day by which the pledge is to be completed",
    "edition": "the edition of the rule that it is judged by",
    "met": "the practices that are met",
    "missing": "the practices that are not met, unclear or not reported",
    "as_of": "the day that the letter is about",
    "answer_to": "whom to reply to: the contact address of this dashboard",
    "campaign": "the name of the campaign",
}
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class Text:
    """A subject and a body whose paragraphs are parted by empty lines; both may hold fields."""

    subject: str
    body: str

    def proven(self) -> Text:
        """Return the text in order; raises WrongUse for an unknown field, or one too long."""
        subject = " ".join(self.subject.split())
        body = self.body.replace("\r\n", "\n").strip()
        for part, words, longest in (
            ("subject", subject, LONGEST_SUBJECT), ("letter", body, LONGEST_BODY),
        ):  # fmt: skip
            if not words or len(words) > longest:
                raise WrongUse(f"The {part} has {len(words):,} characters. Write 1 to {longest:,}.")
            filled(words, dict.fromkeys(FIELDS, ""))
        return Text(subject, body)

    def paragraphs(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the body's paragraphs with their fields filled in; lines within one stay."""
        parts = re.split(r"\n\s*\n", self.body)
        return tuple(filled(part.strip(), values) for part in parts if part.strip())


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in; {{ and }} are braces.

    Raises WrongUse for a field that is not among FIELDS, and for a brace that stands alone.
    """

    def value(part: re.Match[str]) -> str:
        if part[0] in ("{{", "}}"):
            return part[0][0]
        if part[1] is None:
            raise WrongUse(
                f"There is a '{part[0]}' without its other half. Write {part[0] * 2} for a brace."
            )
        if part[1] not in FIELDS:
            raise _unknown(part[1])
        return values[part[1]]

    return _PART.sub(value, text)


def _unknown(name: str) -> WrongUse:
    near = get_close_matches(name.strip().lower(), FIELDS, 1, 0.6)
    hint = f" Did you mean {{{near[0]}}}?" if near else ""
    known = ", ".join(f"{{{item}}}" for item in FIELDS)
    return WrongUse(f"There is no field {{{name}}}.{hint} The fields are: {known}.")


SHIPPED = Text(
    "{department}: where your pledge stands",
    """Dear {contact},

Thank you for taking part in the {campaign}. This letter says where {department} stands as of \
{as_of}, by the records that we have.

{standing} Met so far: {met}. Not met, or not reported to us: {missing}.

The report card below shows each practice, what it asks for, what is on record, and its date. \
If something in it is out of date, tell us, and we will correct it.

Please reply to {answer_to}. We can help with training dates, a sample policy \
and partners near you.

Sincerely,
The One Mind Campaign""",
)


def current(appdb: AppDatabase) -> Text:
    """Return the text in use: as it was edited last, else as it is shipped."""
    saved = appdb.texts.get(NAME)
    return Text(saved.subject, saved.body) if saved else SHIPPED


def save(appdb: AppDatabase, text: Text, author: str, now: datetime, ip: str = "") -> Text:
    """Keep a text for the letters from now on; raises WrongUse where it makes no sense."""
    proven = text.proven()
    if proven != current(appdb):
        appdb.texts.save(SavedText(NAME, proven.subject, proven.body, author, now))
        appdb.activity.add(now, author, "letter text changed", proven.subject, ip)
    return proven


def forget(appdb: AppDatabase, author: str, now: datetime, ip: str = "") -> Text:
    """Go back to the text as it is shipped."""
    if appdb.texts.forget(NAME):
        appdb.activity.add(now, author, "letter text changed", "as shipped", ip)
    return SHIPPED
