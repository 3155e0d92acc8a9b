"""What a director would say about the numbers: plain values in, sentences out."""

from onemind.narrative import department, methodology, numbers, training
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
from onemind.narrative.headlines import SAMPLE, STAFF, news, published
from onemind.narrative.overview import Concern, all_of, concerns, history, sentence, stages
from onemind.narrative.practices import Check, checklist, kind_words
from onemind.narrative.timeline import LANES, Event, events

__all__ = [
    "LANES",
    "SAMPLE",
    "STAFF",
    "Check",
    "Concern",
    "Event",
    "all_of",
    "checklist",
    "concerns",
    "department",
    "events",
    "forecast",
    "history",
    "kind_words",
    "methodology",
    "news",
    "numbers",
    "place",
    "pledged",
    "pledging",
    "published",
    "sentence",
    "stage",
    "stages",
    "standing",
    "sworn_source",
    "training",
    "training_source",
]
