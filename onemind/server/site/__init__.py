"""The site as files, served: /site/ shows what the session may see, as a partner would."""

from onemind.server.site.express import Express
from onemind.server.site.route import Site

__all__ = ["Express", "Site"]
