"""The weekly digest: what became of departments since the last one, by mail or as a file."""

from onemind.digest.facts import Digest, digest
from onemind.digest.schedule import FOLDER, due, mailed, on_schedule, window, write
from onemind.digest.subscribe import (
    WEEKDAYS,
    subscribe,
    token_of,
    unsubscribe,
    unsubscribe_by_token,
)
from onemind.digest.wording import page, plain

__all__ = [
    "FOLDER",
    "WEEKDAYS",
    "Digest",
    "digest",
    "due",
    "mailed",
    "on_schedule",
    "page",
    "plain",
    "subscribe",
    "token_of",
    "unsubscribe",
    "unsubscribe_by_token",
    "window",
    "write",
]
