"""What leaves this dashboard: messages on their way, who wants them, and the text of letters."""

from onemind.appdb.sending.hooks import Hook, Hooks
from onemind.appdb.sending.outbox import (
    CLAIMED,
    FAILED,
    MAIL,
    SENDING,
    SENT,
    STATES,
    UNCLEAR,
    WAITING,
    WEBHOOK,
    Message,
    Outbox,
)
from onemind.appdb.sending.subscriptions import Subscription, Subscriptions
from onemind.appdb.sending.texts import SavedText, Texts

__all__ = [
    "CLAIMED",
    "FAILED",
    "MAIL",
    "SENDING",
    "SENT",
    "STATES",
    "UNCLEAR",
    "WAITING",
    "WEBHOOK",
    "Hook",
    "Hooks",
    "Message",
    "Outbox",
    "SavedText",
    "Subscription",
    "Subscriptions",
    "Texts",
]
