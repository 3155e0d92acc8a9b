"""What other programs read of a share link or the public view, by an address alone."""

from onemind.server.feeds.previews import preview
from onemind.server.feeds.public import Tagged
from onemind.server.feeds.routes import routes

__all__ = ["Tagged", "preview", "routes"]
