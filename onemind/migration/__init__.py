"""Moving a campaign, with all its versions, from one place to another; and proving it."""

from onemind.migration.move import Moved, copy, move, refuse_another
from onemind.migration.prove import differences

__all__ = ["Moved", "copy", "differences", "move", "refuse_another"]
