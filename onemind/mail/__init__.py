"""Messages made, handed to the mail server that is set, and noted: each to one recipient."""

from onemind.mail.delivery import deliver, require_server
from onemind.mail.message import Attachment, Mail, built, identity, queued, unsent, usable

__all__ = [
    "Attachment",
    "Mail",
    "built",
    "deliver",
    "identity",
    "queued",
    "require_server",
    "unsent",
    "usable",
]
