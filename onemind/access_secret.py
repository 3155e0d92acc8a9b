"""Passwords and passphrases: only a slow, salted hash of them (argon2id) is kept."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 200  # a hash of anything longer would be work for nothing
_HASHER = PasswordHasher()


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return _HASHER.hash(secret)


def fits(secret: str, kept: str) -> bool:
    """Whether a secret is the one a hash was made of."""
    if len(secret) > LONGEST:
        return False
    try:
        return _HASHER.verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False
