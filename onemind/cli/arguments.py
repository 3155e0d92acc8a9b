"""What commands read from the line the same way."""

from __future__ import annotations

import argparse
from datetime import date


def day(text: str) -> date:
    """Read a date such as 2017-09-20; the wording of a refusal is argparse's."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a date; write it as 2017-09-20"
        ) from None
