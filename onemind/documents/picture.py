"""The picture of a link or a public view: its title, a sentence and the map, as a PNG."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typst

from onemind import metrics
from onemind.campaign import Filter
from onemind.documents import brief_map
from onemind.drawing.palette import ACCENT, CARD, INK, QUIET
from onemind.errors import NotPossibleNow
from onemind.metrics import Source
from onemind.words import long_day

TEMPLATE = Path(__file__).parent / "picture.typ"
PRODUCT = "One Mind Campaign"
ROOM = (380.0, 290.0)  # as wide and as high as the map may be


def picture(source: Source, chosen: Filter, today: date, title: str, words: str) -> bytes:
    """Return a PNG of 1200 by 630: what is said, beside the map of what the source shows.

    Raises NotPossibleNow while nothing is published.
    """
    version = source.version(chosen.version)
    if version is None:
        raise NotPossibleNow("Nothing is published yet, so there is nothing to draw.")
    progress = metrics.progress(source, chosen, today).frame()
    drawn = None if progress.empty else brief_map.drawn(source, chosen, today, progress, ROOM)
    facts = {
        "product": PRODUCT, "title": title, "words": words, "map": drawn and drawn["svg"],
        "stand": f"As of {long_day(chosen.as_of or today)}, version {version.number}",
        "ink": INK[0], "quiet": QUIET[0], "accent": ACCENT[0], "paper": CARD[0],
    }  # fmt: skip
    made = typst.compile(
        TEMPLATE,
        format="png",
        ppi=72,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made
