"""Files that people take away: the PDF brief, letters and the templates."""

from onemind.documents import letters, templates
from onemind.documents.briefs import brief

__all__ = ["brief", "letters", "templates"]
