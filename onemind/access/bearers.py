"""A share link's token as a program shows it: in the Authorization header, never in an address.

It comes as `Bearer TOKEN`, or as the password of HTTP Basic under any name, which spreadsheets and
pandas can send. A link that asks for a passphrase opens in a browser only. A use is counted once a
day and address, for a program asks again and again.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from contextlib import suppress
from datetime import datetime

from onemind.access import links
from onemind.access.attempts import network
from onemind.access.roles import User
from onemind.access.sessions import partner
from onemind.appdb import AppDatabase, Link
from onemind.errors import BrowserNeeded, LinkEnded, NotWritable, SignInFailed

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # as `sessions.new_token` makes them
NO_TOKEN = (
    "The Authorization header has no token of a share link. Send 'Bearer TOKEN', with what stands "
    "after /share/ in the link."
)
UNKNOWN = (
    "There is no link with this token. Copy all that stands after /share/ in the link, or ask "
    "whoever sent it."
)


def bearer(appdb: AppDatabase, authorization: str, ip: str, now: datetime) -> User:
    """Return whom the link of an Authorization header lets in, and count the use.

    Raises SignInFailed for no token or an unknown one, NotPossibleNow after too many unknown ones,
    LinkEnded for a link that has ended or was revoked, BrowserNeeded for one with a passphrase.
    """
    token = token_of(authorization)
    if not token:
        raise SignInFailed(NO_TOKEN)
    link = links.known(appdb, token, ip, now)
    if link is None:
        raise SignInFailed(UNKNOWN)
    user = partner(link, now)
    if user is None:
        raise LinkEnded(link.revoked_at.date() if link.revoked_at else link.expires_on)
    if link.passphrase is not None:
        raise BrowserNeeded
    with suppress(NotWritable):  # it may be read, counted or not
        _count(appdb, link, ip, now)
    return user


def token_of(authorization: str) -> str:
    """Return the token of an Authorization header, "" where there is none."""
    kind, _, text = authorization.strip().partition(" ")
    if kind.lower() == "basic":
        text = _password(text)
    elif kind.lower() != "bearer":
        return ""
    return text.strip() if TOKEN.fullmatch(text.strip()) else ""


def _password(text: str) -> str:
    try:
        return b64decode(text.strip(), validate=True).decode().partition(":")[2]
    except (NotBase64, ValueError):
        return ""


def _count(appdb: AppDatabase, link: Link, ip: str, now: datetime) -> None:
    subject = f"bearer {link.id} {network(ip)} {now.date()}"
    session = hashlib.sha256(subject.encode()).hexdigest()
    if not appdb.links.was_used(session):
        links.use(appdb, link.id, session, ip, now)
