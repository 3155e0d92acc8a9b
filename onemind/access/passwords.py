"""Passwords: argon2id hashes; a wrong one and an unknown account take the same time."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from onemind.errors import WrongUse

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
_AT_ONCE = BoundedSemaphore(2)  # each takes 64 MB for a moment: many at once must not fill memory


def hashed(password: str) -> str:
    """Return what is kept of a password; raises WrongUse when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongUse(
            f"A password needs {SHORTEST} to {LONGEST} characters; this one has {len(password)}. "
            "A few unrelated words are easy to remember."
        )
    with _AT_ONCE:
        return _hasher().hash(password)


def matches(stored_hash: str | None, password: str) -> bool:
    """Whether a password is the one kept; None (no such account) is checked for as long."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _AT_ONCE:
        try:
            _hasher().verify(stored_hash or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(stored_hash)


def random_password() -> str:
    """Return a password nobody chose: 120 bits."""
    return secrets.token_urlsafe(15)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # here, for most commands see no password

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe())
