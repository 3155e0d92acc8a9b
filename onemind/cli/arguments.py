"""What commands read from the line the same way, and the store they open."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from onemind import settings
from onemind.store import Store


def day(text: str) -> date:
    """Read a date such as 2017-09-20; the wording of a refusal is argparse's."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a date; write it as 2017-09-20"
        ) from None


@contextmanager
def opened() -> Iterator[Store]:
    """Lend the store that the settings name."""
    store = Store(settings.load())
    try:
        yield store
    finally:
        store.close()
