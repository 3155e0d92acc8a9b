"""What a director would say about the numbers: plain values in, sentences out."""

from onemind.narrative.department import (
    forecast,
    place,
    pledged,
    pledging,
    stage,
    standing,
    sworn_source,
    training_source,
)
from onemind.narrative.headlines import news
from onemind.narrative.overview import Concern, concerns, sentence
from onemind.narrative.practices import Check, checklist, kind_words
from onemind.narrative.timeline import LANES, Event, events

__all__ = [
    "LANES",
    "Check",
    "Concern",
    "Event",
    "checklist",
    "concerns",
    "events",
    "forecast",
    "kind_words",
    "news",
    "place",
    "pledged",
    "pledging",
    "sentence",
    "stage",
    "standing",
    "sworn_source",
    "training_source",
]
