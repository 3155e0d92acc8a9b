"""A file becomes tables of text: encodings, delimiters, workbooks, archives, headers."""

from onemind.ingest.reading.files import Source, fault
from onemind.ingest.reading.header import plain

__all__ = ["Source", "fault", "plain"]
