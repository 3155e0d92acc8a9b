"""The small relational database of everything that is not published data."""

from onemind.appdb.activity import Event, words
from onemind.appdb.appdb import Staged, State
from onemind.appdb.links import Link
from onemind.appdb.people import Person
from onemind.appdb.sessions import Session

__all__ = ["Event", "Link", "Person", "Session", "Staged", "State", "words"]
