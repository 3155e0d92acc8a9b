"""Moving a campaign, with all its versions, from one place to another; and proving it."""

from onemind.migration.move import ORIGINALS, OUTLINES, Moved, copy, move
from onemind.migration.prove import differences

__all__ = ["ORIGINALS", "OUTLINES", "Moved", "copy", "differences", "move"]
