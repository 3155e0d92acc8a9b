"""Files that people take away: the PDF brief and the templates."""

from onemind.documents import templates
from onemind.documents.briefs import brief

__all__ = ["brief", "templates"]
