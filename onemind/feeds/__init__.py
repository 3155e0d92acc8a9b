"""What other programs show of a scope: a calendar, a feed of changes, a badge, a card, a picture.

Each is of one version and one day, read through a window, and says no more than a partner sees.
"""

from onemind.feeds.calendar import calendar
from onemind.feeds.changes import Entry, Once, Place, changes
from onemind.feeds.sign import badge, card
from onemind.feeds.standing import Standing, standing
from onemind.feeds.summary import Summary, picture, summary, tags

__all__ = [
    "Entry",
    "Once",
    "Place",
    "Standing",
    "Summary",
    "badge",
    "calendar",
    "card",
    "changes",
    "picture",
    "standing",
    "summary",
    "tags",
]
