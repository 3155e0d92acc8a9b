"""What can be done with files, wherever they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """Files of one kind, by name. A name has no folders in it."""

    def put(self, name: str, content: Path | bytes) -> None:
        """Keep a copy of a file, or bytes, in place of one of that name, all at once."""

    def path(self, name: str) -> Path:
        """Return where a file can be read here; there may be none of that name."""

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def remove(self, name: str) -> None:
        """Remove a file; none of that name is fine."""

    def mirror(self) -> Path:
        """Return a folder that holds all of them as they were a moment ago."""
