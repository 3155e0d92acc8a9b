"""The weekly digest: what became of departments since the last one, by mail or as a file."""

from onemind.digest.facts import Digest, digest
from onemind.digest.wording import page, plain
from onemind.digest.points import since
from onemind.digest.schedule import due, mailed, on_schedule, write
from onemind.digest.subscribe import (
    WEEKDAYS,
    subscribe,
    token_of,
    unsubscribe,
    unsubscribe_by_token,
)

__all__ = [
    "WEEKDAYS",
    "Digest",
    "digest",
    "due",
    "mailed",
    "on_schedule",
    "page",
    "plain",
    "since",
    "subscribe",
    "token_of",
    "unsubscribe",
    "unsubscribe_by_token",
    "write",
]
