"""Letters on paper: one page each, all in one PDF or each in its own.

Every text reaches Typst as JSON and is set as text, never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

from onemind.documents.letters.letter import Letter
from onemind.drawing.palette import BORDER, GRID, INK

TEMPLATE = Path(__file__).parent / "letter.typ"


def together(letters: Iterable[Letter], published: datetime) -> bytes:
    """Return one PDF with a page for each letter; the same letters give the same bytes."""
    return _set(_compiler(), list(letters), published)


def each(letters: Iterable[Letter], published: datetime) -> Iterator[bytes]:
    """Yield a PDF of one page for each letter; fonts and template are read once for all."""
    compiler = _compiler()
    for letter in letters:
        yield _set(compiler, [letter], published)


def picture(letter: Letter, published: datetime) -> bytes:
    """Return a letter's page as a PNG, to look at."""
    return _set(_compiler(), [letter], published, "png")


def _compiler() -> typst.Compiler:
    return typst.Compiler(TEMPLATE, ignore_system_fonts=True)


def _set(
    compiler: typst.Compiler,
    letters: list[Letter],
    published: datetime,
    format: Literal["pdf", "png"] = "pdf",
) -> bytes:
    facts = {
        "letters": [_facts(letter) for letter in letters],
        "ink": INK[0],
        "grid": GRID[0],
        "border": BORDER[0],
    }
    made = compiler.compile(
        format=format,
        ppi=110,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        timestamp=int(published.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _facts(letter: Letter) -> dict[str, Any]:
    contact = letter.contact if letter.contact else "Chief"
    return {
        "to": [contact, letter.name, letter.place],
        "subject": letter.subject,
        "paragraphs": [part.split("\n") for part in letter.paragraphs],
        "checks": letter.checks,
        "stand": letter.stand,
        "sample": letter.sample,
    }
