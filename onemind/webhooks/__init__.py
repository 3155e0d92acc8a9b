"""Other programs are told: a version was published, departments completed or became overdue."""

from onemind.webhooks.bodies import KINDS, signature
from onemind.webhooks.delivery import deliver, trial
from onemind.webhooks.hooks import Wanted, add, key_of, known, masked, remove
from onemind.webhooks.news import EVENTS, tell

__all__ = [
    "EVENTS",
    "KINDS",
    "Wanted",
    "add",
    "deliver",
    "key_of",
    "known",
    "masked",
    "remove",
    "signature",
    "tell",
    "trial",
]
