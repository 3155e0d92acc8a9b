"""The public site as files: static pages of what a scope may see, for any web host."""

from onemind.site import assets
from onemind.site.edition import PAGES, Edition, sight_of
from onemind.site.folder import Built, build, zipped
from onemind.site.plan import File, planned, rendered

__all__ = [
    "PAGES",
    "Built",
    "Edition",
    "File",
    "assets",
    "build",
    "planned",
    "rendered",
    "sight_of",
    "zipped",
]
