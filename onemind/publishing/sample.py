"""The sample campaign's files, known by their content, so that nobody takes them for real data."""

from __future__ import annotations

import hashlib
from functools import cache

from onemind.settings import SAMPLE

REFUSAL = (
    "This is the sample campaign, whose numbers are made up, and the store has real data. "
    "Nothing was published. To try the sample, set ONEMIND_STORE to a new folder."
)


@cache
def sample_files() -> frozenset[str]:
    """Return the fingerprints (SHA-256) of the sample campaign's files."""
    files = SAMPLE.glob("*.csv")
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
