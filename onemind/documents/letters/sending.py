"""Letters by mail: counted and confirmed first, then put into the outbox, each once.

A letter that says the same to the same address is one letter, however often it is sent: after a
crash, sending again sends what is missing. Another day's letter says another day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onemind.appdb import AppDatabase
from onemind.appdb.sending import Message
from onemind.documents.letters.bundle import key, mail
from onemind.documents.letters.letter import Letter
from onemind.documents.letters.paper import each
from onemind.errors import NotPossibleNow, WrongUse
from onemind.mail import deliver, queued, require_server
from onemind.settings import Settings
from onemind.words import counted

KIND = "letter"


@dataclass(frozen=True)
class Sending:
    """What sending would do: new letters, those in the outbox already, those without an address."""

    new: tuple[Letter, ...]
    known: tuple[Message, ...]
    nowhere: tuple[Letter, ...]

    @property
    def phrase(self) -> str:
        """What somebody types to confirm it: "140 letters", sent before or not.

        So whoever repeats a sending that broke off repeats what they typed.
        """
        return counted(len(self.new) + len(self.known), "letter")


def sending(appdb: AppDatabase, letters: Sequence[Letter]) -> Sending:
    """Return what sending these letters would do."""
    there = appdb.outbox.by_ids(key(item) for item in letters if item.address)
    return Sending(
        tuple(item for item in letters if item.address and key(item) not in there),
        tuple(there.values()),
        tuple(item for item in letters if not item.address),
    )


def queue(
    appdb: AppDatabase,
    settings: Settings,
    letters: Sequence[Letter],
    confirmed: str,
    by: tuple[str, str],
    published: datetime,
    now: datetime,
) -> None:
    """Put the letters into the outbox, from where they are sent.

    `by` is who and from where. Raises WrongUse, with nothing sent, unless `confirmed` is the phrase
    of the sending; NotPossibleNow for the sample, or where no mail server is set.
    """
    require_server(settings)
    if any(item.sample for item in letters):
        raise NotPossibleNow("These letters are of the sample campaign. Its figures are made up.")
    plan, (author, ip) = sending(appdb, letters), by
    if " ".join(confirmed.split()) != plan.phrase:
        raise WrongUse(
            f"Nothing was sent. To send {plan.phrase}, type '{plan.phrase}'; "
            f"you typed '{confirmed}'."
        )
    messages = [
        queued(mail(item, paper), settings.mail_from, key(item), KIND, about(item), author, now)
        for item, paper in zip(plan.new, each(plan.new, published), strict=True)
    ]
    appdb.outbox.put(messages)
    details = {"without address": len(plan.nowhere), "in the outbox before": len(plan.known)}
    appdb.activity.add(now, author, "letters confirmed", plan.phrase, ip, details)


def send(
    appdb: AppDatabase,
    settings: Settings,
    letters: Sequence[Letter],
    confirmed: str,
    by: tuple[str, str],
    published: datetime,
    clock: Callable[[], datetime],
) -> dict[str, Message]:
    """Put the letters into the outbox and send them; returns how each stands, by department.

    Raises what `queue` raises, and NotPossibleNow where the mail server can't be used: then the
    letters wait in the outbox.
    """
    queue(appdb, settings, letters, confirmed, by, published, clock())
    deliver(appdb, settings, clock)
    return standing(appdb, letters)


def standing(appdb: AppDatabase, letters: Sequence[Letter]) -> dict[str, Message]:
    """Return how the mail of each letter stands, by department; those not in the outbox are out."""
    by_key = {key(item): item.department_id for item in letters if item.address}
    known = appdb.outbox.by_ids(by_key)
    return {department: known[name] for name, department in by_key.items() if name in known}


def about(letter: Letter) -> str:
    """Return what the log calls a letter."""
    return f"{letter.name} ({letter.department_id})"
