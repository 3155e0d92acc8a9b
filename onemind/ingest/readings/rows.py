"""Rows that don't count: a column of the file says so, or their shape shows they are no data.

A status, result, grade, attendance or pass column decides which rows count. A word of it that is
not known is asked about; a column that looks like one is never passed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onemind.ingest.readings.reading import AT_LEAST, COUNTS, EVERY, LEFT_OUT
from onemind.ingest.readings.text import plain

WORDS = Path(__file__).parent / "row_words.toml"
LABEL = re.compile(
    r"\b(?:status|result|results|outcome|grade|score|attendance|attended|present|pass(?:ed)?"
    r"|pass fail|completed yn|complete|completion|disposition|no show|success(?:ful)?)\b"
)
NO_LABEL = re.compile(
    r"\b(?:date|dates|day|hours?|time|id|ids|name|by|notes?|reason|comments?|number|code)\b"
)
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*%?")
BITS = ("0", "1", "0.0", "1.0")
FILLER = (
    r"(?i)\W*(?:page\s*\d+(?:\s*(?:of|/)\s*\d+)?|(?:printed|generated|exported|created|run|as of"
    r"|report(?:ed)?(?: date| run)?|prepared|last updated|updated|data as of|retrieved)\b.*"
    r"|(?:end of|continued|confidential|notes?\b|source\b|disclaimer|footnote|prepared by|©|\*).*"
    r"|(?:records?|rows?|count)\s*(?:found|returned)?:?\s*[\d,]+|[\d,]+\s*(?:records?|rows?)\b.*)"
)
NOTE = r".*\w\s+\S*\w.*\s+\S*\w.*"  # three words or more: under a table they are a note


@dataclass(frozen=True)
class RowRule:
    """What a column (its header, and its place from 0) says of rows: words that leave a row out,
    words that are asked about, and the lowest score that counts.
    """

    header: str
    place: int
    out: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    scores: tuple[str, str] | None = None  # the lowest and the highest, where it holds numbers
    at_least: float | None = None
    decides: bool = True


def may_decide(header: str) -> bool:
    """Whether a header looks like that of a column that says which rows count."""
    words = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))
    return bool(LABEL.search(words)) and not NO_LABEL.search(words)


def rule(header: str, place: int, words: Mapping[str, int], said: Mapping[str, str]) -> RowRule:
    """Return what a column's words (plain -> number of rows) mean, by what was said and is known.

    Raises ValueError where the lowest score said is no number.
    """
    said = {word.lower(): answer for word, answer in said.items()}
    if EVERY in said:
        return RowRule(header, place, decides=False)
    numbers = sorted(
        (word for word in words if NUMBER.fullmatch(word)),
        key=lambda word: float(re.sub(r"[%\s]", "", word).replace(",", ".")),
    )
    lowest = float(said[AT_LEAST]) if AT_LEAST in said else None
    scored = lowest is not None or any(word not in BITS for word in numbers)
    meant = {word: said.get(word) or _known(word) for word in words}
    listed = {
        answer: tuple(
            word for word, value in meant.items()
            if value == answer and not (scored and word in numbers)
        )
        for answer in (COUNTS, LEFT_OUT, None)
    }  # fmt: skip
    scores = (numbers[0], numbers[-1]) if scored and numbers else None
    return RowRule(header, place, listed[LEFT_OUT], listed[COUNTS], listed[None], scores, lowest)


@cache
def row_words() -> dict[str, str]:
    """Return the words that need no asking -> COUNTS or LEFT_OUT."""
    raw = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return dict.fromkeys(raw["counts"], COUNTS) | dict.fromkeys(raw["left_out"], LEFT_OUT)


def _known(word: str) -> str | None:
    return row_words().get(plain(word) or word.strip()) or row_words().get(word.strip())
