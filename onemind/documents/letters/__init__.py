"""A one-page letter to each department, with its report card: on paper, as a draft, or by mail."""

from onemind.documents.letters.bundle import addresses, bundle
from onemind.documents.letters.letter import Letter, letters
from onemind.documents.letters.paper import together
from onemind.documents.letters.sending import Sending, send, sending
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
    "save",
    "send",
    "sending",
    "together",
]
