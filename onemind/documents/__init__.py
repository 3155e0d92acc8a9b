"""Files that people take away: the PDF brief, templates, tables, and all data of a version."""

from onemind.documents import sheet, templates
from onemind.documents.archive import archive
from onemind.documents.briefs import brief
from onemind.documents.citation import Citation, cited

__all__ = ["Citation", "archive", "brief", "cited", "sheet", "templates"]
