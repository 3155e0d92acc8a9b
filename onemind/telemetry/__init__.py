"""What this process says of itself: numbers, lines of the log, and spans. It imports no library
that does so before a server begins; the command line counts nothing.
"""

from onemind.telemetry import log, meters, traces
from onemind.telemetry.exposition import MEDIA_TYPE, exposition, start
from onemind.telemetry.work import PAGE, UNKNOWN, Redraw, publishing, reading, redraw

__all__ = [
    "MEDIA_TYPE",
    "PAGE",
    "UNKNOWN",
    "Redraw",
    "exposition",
    "log",
    "meters",
    "publishing",
    "reading",
    "redraw",
    "start",
    "traces",
]
