"""Who may reach which address."""

from onemind.server.guard.guard import Guard
from onemind.server.guard.refusals import ended, missing, no_downloads
from onemind.server.guard.rules import address_of, rule

__all__ = ["Guard", "address_of", "ended", "missing", "no_downloads", "rule"]
