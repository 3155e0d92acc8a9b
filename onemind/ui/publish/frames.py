"""Headers of a file as the columns of a frame, which have to differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def distinct(header: Sequence[str], width: int) -> list[str]:
    """Return a label for each of `width` columns; blank ones numbered, ones alike told apart."""
    seen: dict[str, int] = defaultdict(int)
    labels = []
    for place in range(width):
        name = (header[place] if place < len(header) else "") or f"(column {place + 1})"
        seen[name] += 1
        labels.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return labels
