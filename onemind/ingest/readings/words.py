"""Words of a list: what case, punctuation, hours, years and "recert" leave of one decides.

A word that is then a known one is read as it. Any other is asked about once, never row by row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from onemind.campaign import Field
from onemind.ingest.readings.text import plain

NOISE = re.compile(
    r"\b\d+(?:[.,]\d+)?[\s-]*(?:hours?|hrs?|h)\b"  # 8hr, 40-hour
    r"|\(?\b(?:19|20)\d{2}\b\)?"  # (2023)
    r"|\bre-?cert(?:ification|ified)?\b|\brefresher\b|\brenewal\b|\bcertificat(?:e|ion)\b"
    r"|\bcourses?\b|\bclass(?:es)?\b|\btraining\b",
    re.IGNORECASE,
)
YES = ["x", "✓", "✔", "☑", "√", "yes", "true", "on", "1", "y", "t", "1.0", "ja", "si", "sí", "oui"]
NO = ["✗", "✘", "☐", "no", "false", "off", "0", "n", "f", "0.0", "nein", "non"]
OF_SWORN = {
    "true": ("sworn", "sworn officer", "police officer"),
    "false": (
        "civilian", "non-sworn", "non sworn", "nonsworn", "not sworn", "unsworn",
        "professional staff", "dispatcher",
    ),
}  # fmt: skip


def bare(word: str) -> str:
    """Return what of a word decides: "CIT - 40 Hour (2023)" is "cit"."""
    without = plain(NOISE.sub(" ", word))
    return without or plain(word)


def spoken(value: str) -> str:
    """Return a field's value as people say it: true is yes, false is no."""
    return {"true": "yes", "false": "no"}.get(value, value)


def certain(field: Field, vocabulary: Mapping[str, str], words: Iterable[str]) -> dict[str, str]:
    """Return what those of `words` mean that need no asking: the word in lower case -> its value.

    `vocabulary` has every word that the field knows, in lower case -> its value.
    """
    if field.type == "boolean":
        known = dict.fromkeys((*YES, *_of(field, "true")), "true")
        known |= dict.fromkeys((*NO, *_of(field, "false")), "false")
        return {word.lower(): known[key] for word in words if (key := word.casefold()) in known}
    meanings = _meanings(vocabulary)
    found = {word.lower(): meanings.get(bare(word), set()) for word in words}
    return {word: next(iter(values)) for word, values in found.items() if len(values) == 1}


def _of(field: Field, value: str) -> tuple[str, ...]:
    return OF_SWORN[value] if field.name == "sworn" else ()


def _meanings(vocabulary: Mapping[str, str]) -> dict[str, set[str]]:
    """What each bare word may mean; two values for one word mean that it is asked about."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for word, value in vocabulary.items():
        meanings[bare(word)].add(value)
    return meanings
