"""The small relational database of everything that is not published data."""

from onemind.appdb import sending
from onemind.appdb.activity import Event, words
from onemind.appdb.appdb import FLEETING, PSEUDONYMS, AppDatabase, Staged
from onemind.appdb.links import Link
from onemind.appdb.people import Person
from onemind.appdb.readings import SavedReading
from onemind.appdb.sessions import Session
from onemind.appdb.sources import Source

__all__ = [
    "FLEETING",
    "PSEUDONYMS",
    "AppDatabase",
    "Event",
    "Link",
    "Person",
    "SavedReading",
    "Session",
    "Source",
    "Staged",
    "sending",
    "words",
]
