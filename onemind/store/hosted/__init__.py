"""A store whose catalog is in PostgreSQL: how it is attached, locked and watched."""

from onemind.store.hosted.attach import EXTENSIONS, attach, secret
from onemind.store.hosted.listen import Listener
from onemind.store.hosted.lock import Claim, advisory_lock, notify, unreachable

__all__ = [
    "EXTENSIONS",
    "Claim",
    "Listener",
    "advisory_lock",
    "attach",
    "notify",
    "secret",
    "unreachable",
]
