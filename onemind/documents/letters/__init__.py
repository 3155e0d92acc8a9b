"""A one-page letter to each department, with its report card: on paper, as a draft, or by mail."""

from onemind.documents.letters.bundle import addresses, bundle
from onemind.documents.letters.letter import Letter, letters
from onemind.documents.letters.paper import picture, together
from onemind.documents.letters.sending import Sending, queue, send, sending, standing
from onemind.documents.letters.text import FIELDS, SHIPPED, Text, current, forget, save

__all__ = [
    "FIELDS",
    "SHIPPED",
    "Letter",
    "Sending",
    "Text",
    "addresses",
    "bundle",
    "current",
    "forget",
    "letters",
    "picture",
    "queue",
    "save",
    "send",
    "sending",
    "standing",
    "together",
]
