"""Files that people take away: briefs, letters, templates, tables, all data of a version."""

from onemind.documents import letters, sheet, templates
from onemind.documents.archive import archive
from onemind.documents.briefs import brief
from onemind.documents.citation import Citation, cited

__all__ = ["Citation", "archive", "brief", "cited", "letters", "sheet", "templates"]
