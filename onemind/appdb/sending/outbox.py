"""The outbox: a row for each message and recipient, marked before it is handed over and after.

A message's id is made of what it says and to whom, so the same one put in twice is one row. Whoever
hands it over claims it first. A mail is marked again right before its content goes out: what broke
off after that mark may have arrived, so it is `unclear` and never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from onemind.appdb.activity import ACTIVITY, row
from onemind.appdb.database import METADATA, Database, Moment

MAIL, WEBHOOK = "mail", "webhook"
WAITING, CLAIMED, SENDING = "waiting", "claimed", "sending"
SENT, FAILED, UNCLEAR = "sent", "failed", "unclear"
# Each state with what it means.
STATES = {
    WAITING: "waits for its turn, or for the next try",
    CLAIMED: "is being handed over",
    SENDING: "is going out",
    SENT: "was accepted by the server",
    FAILED: "was refused for good",
    UNCLEAR: "broke off while it went out: it may have arrived",
}
OUTBOX = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("about", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.String, nullable=False),
)
ROWS_AT_ONCE = 50  # a statement takes so many parameters only
_OPEN = (WAITING, CLAIMED, SENDING)


@dataclass(frozen=True)
class Message:
    """One message to one recipient; `about` is what the log calls it, `kind` what it is.

    `content` is empty once it is sent. `outcome` is what the other side said last.
    """

    id: str
    channel: str
    kind: str
    recipient: str
    about: str
    content: bytes
    author: str
    made_at: datetime
    next_at: datetime
    state: str = WAITING
    tries: int = 0
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""


class _AnotherWasFirst(Exception):
    """Nothing of it is to be done."""


class Outbox:
    """The messages in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, messages: Iterable[Message], *changes: sa.Update) -> int | None:
        """Put messages in, those that are there already not again; returns how many are new.

        Each of `changes` has to change one row in the same transaction, or nothing is done: then
        another process was first, and the answer is None.
        """
        listed = [vars(message) for message in messages]
        parts = [listed[at : at + ROWS_AT_ONCE] for at in range(0, len(listed), ROWS_AT_ONCE)]
        try:
            with self._database.begin() as con:
                for change in changes:
                    if con.execute(change).rowcount != 1:
                        raise _AnotherWasFirst
                return sum(len(con.execute(self._new(part)).all()) for part in parts)
        except _AnotherWasFirst:
            return None

    def _new(self, rows: list[dict[str, Any]]) -> ReturningInsert[tuple[str]]:
        """Return an insert that gives the ids of the rows that are new: drivers count otherwise."""
        return self._database.insert_new(OUTBOX, rows).returning(OUTBOX.c.id)

    def due(self, channel: str, now: datetime, most: int | None = None) -> list[Message]:
        """Return the messages whose turn it is, the oldest first."""
        is_due = sa.and_(
            OUTBOX.c.channel == channel, OUTBOX.c.state == WAITING, OUTBOX.c.next_at <= now
        )
        order = (OUTBOX.c.made_at, OUTBOX.c.id)
        return self._rows(sa.select(OUTBOX).where(is_due).order_by(*order).limit(most))

    def open(self, channel: str) -> bool:
        """Whether anything is on its way, or waits to be."""
        found = sa.and_(OUTBOX.c.channel == channel, OUTBOX.c.state.in_(_OPEN))
        return bool(self._rows(sa.select(OUTBOX).where(found).limit(1)))

    def all(self, kind: str | None = None, state: str | None = None) -> list[Message]:
        """Return messages, the newest first: of a kind, in a state."""
        query = sa.select(OUTBOX).order_by(OUTBOX.c.made_at.desc(), OUTBOX.c.id)
        if kind is not None:
            query = query.where(OUTBOX.c.kind == kind)
        if state is not None:
            query = query.where(OUTBOX.c.state == state)
        return self._rows(query)

    def by_ids(self, ids: Iterable[str]) -> dict[str, Message]:
        """Return messages by their ids; those that are not there are left out."""
        found = self._rows(sa.select(OUTBOX).where(OUTBOX.c.id.in_(list(ids))))
        return {message.id: message for message in found}

    def claim(self, message: Message, now: datetime) -> bool:
        """Whether this process is the one that hands it over now."""
        waits = sa.and_(OUTBOX.c.id == message.id, OUTBOX.c.state == WAITING)
        claimed = sa.update(OUTBOX).where(waits).values(state=CLAIMED, claimed_at=now)
        return self._database.change(claimed) == 1

    def begin(self, message: Message, claimed_at: datetime) -> bool:
        """Mark that its content goes out; False where the claim was lost meanwhile."""
        mine = sa.and_(
            OUTBOX.c.id == message.id,
            OUTBOX.c.state == CLAIMED,
            OUTBOX.c.claimed_at == claimed_at,
        )
        return self._database.change(sa.update(OUTBOX).where(mine).values(state=SENDING)) == 1

    def later(self, message: Message, next_at: datetime, outcome: str) -> None:
        """Put it back for another try."""
        values = {"state": WAITING, "tries": message.tries + 1, "claimed_at": None}
        change = sa.update(OUTBOX).where(OUTBOX.c.id == message.id)
        change = change.where(OUTBOX.c.state.in_((CLAIMED, SENDING)))
        self._database.change(change.values(next_at=next_at, outcome=outcome, **values))

    def finish(self, message: Message, state: str, outcome: str, now: datetime) -> None:
        """Note how it ended, in the outbox and in the activity log at once."""
        values = {"state": state, "ended_at": now, "outcome": outcome, "tries": message.tries + 1}
        if state == SENT:
            values["content"] = b""
        is_open = sa.and_(OUTBOX.c.id == message.id, OUTBOX.c.state.in_(_OPEN))
        with self._database.begin() as con:
            if con.execute(sa.update(OUTBOX).where(is_open).values(**values)).rowcount:
                con.execute(sa.insert(ACTIVITY).values(**_event(message, state, outcome, now)))

    def recover(self, channel: str, before: datetime, now: datetime) -> None:
        """Take up what was claimed before a moment by a process that is gone.

        What had not gone out waits again. What was going out is unclear, and said so in the log.
        """
        old = sa.and_(OUTBOX.c.channel == channel, OUTBOX.c.claimed_at < before)
        freed = sa.update(OUTBOX).where(old, OUTBOX.c.state == CLAIMED)
        self._database.change(freed.values(state=WAITING, claimed_at=None))
        for message in self._rows(sa.select(OUTBOX).where(old, OUTBOX.c.state == SENDING)):
            self.finish(message, UNCLEAR, "It broke off while it went out.", now)

    def again(self, message: str, now: datetime) -> bool:
        """Let a message that failed, or is unclear, be sent once more; False for any other."""
        ended = sa.and_(OUTBOX.c.id == message, OUTBOX.c.state.in_((FAILED, UNCLEAR)))
        values = {"state": WAITING, "tries": 0, "next_at": now, "claimed_at": None}
        return self._database.change(sa.update(OUTBOX).where(ended).values(**values)) == 1

    def _rows(self, query: sa.Select[tuple[object, ...]]) -> list[Message]:
        return [Message(**found) for found in self._database.rows(query)]


def _event(message: Message, state: str, outcome: str, now: datetime) -> dict[str, object]:
    details = {"to": message.recipient, "id": message.id, "says": outcome}
    return row(now, message.author, f"{message.kind} {state}", message.about, "", details)
