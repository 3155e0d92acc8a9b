"""Headers become columns, spelled names become departments; what is unclear gets a suggestion."""

from onemind.ingest.matching.columns import Match, match, similar
from onemind.ingest.matching.names import HINTS, Department, NameMatch, Roster, WrittenName
from onemind.ingest.matching.suggest import day, number, word, yes_or_no

__all__ = [
    "HINTS",
    "Department",
    "Match",
    "NameMatch",
    "Roster",
    "WrittenName",
    "day",
    "match",
    "number",
    "similar",
    "word",
    "yes_or_no",
]
