"""Limits on trying: so many attempts by one address or at one account, then a wait.

An attempt is noted before it is counted and tried, so that many at once can't slip past the limit,
not even in several processes. Within one they come one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from threading import Lock

from onemind.appdb import AppDatabase
from onemind.errors import TooManyAttempts

WINDOW = timedelta(minutes=15)
BY_ADDRESS, AT_ACCOUNT = 30, 10
_ONE = Lock()


@dataclass(frozen=True)
class Limit:
    """So many attempts of a subject within WINDOW."""

    subject: str
    most: int


def from_address(what: str, ip: str) -> Limit:
    """Return the limit of one address."""
    return Limit(f"{what} from {network(ip)}", BY_ADDRESS)


def network(ip: str) -> str:
    """Return what attempts are counted by: an address; of IPv6 the /64, which one household has."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


def at_account(email: str) -> Limit:
    """Return the limit of one account, whether it exists or not."""
    return Limit(f"sign-in of {email[:200]}", AT_ACCOUNT)


def attempt(appdb: AppDatabase, now: datetime, *limits: Limit) -> None:
    """Note an attempt under each limit; raises TooManyAttempts when one of them is reached."""
    with _ONE:
        appdb.attempts.forget(now - WINDOW)
        notes = [appdb.attempts.note(limit.subject, now) for limit in limits]
        for limit in limits:
            if appdb.attempts.since(limit.subject, now - WINDOW) > limit.most:
                appdb.attempts.drop(notes)
                raise TooManyAttempts(int(WINDOW.total_seconds() // 60))


def succeeded(appdb: AppDatabase, now: datetime, limit: Limit) -> None:
    """Forget the attempts under a limit: the last one was right."""
    appdb.attempts.forget(now + timedelta(seconds=1), limit.subject)
