"""A file that somebody gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Upload:
    """A file somebody gives: where it lies, and what they call it."""

    path: Path
    name: str
