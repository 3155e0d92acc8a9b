"""Moving a campaign, with all its versions, from one place to another; and proving it."""

from onemind.migration.move import Moved, move
from onemind.migration.prove import differences

__all__ = ["Moved", "differences", "move"]
