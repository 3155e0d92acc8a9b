"""Why a file of outlines is not taken."""

from __future__ import annotations

from onemind.errors import OneMindError


class OutlinesRefused(OneMindError):
    """A file of outlines has faults, each a sentence; nothing of it was kept."""

    most_said = 10

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        more = len(faults) - self.most_said
        sentences = [*faults[: self.most_said], *([f"… and {more:,} more."] if more > 0 else [])]
        super().__init__("\n".join(sentences))
