"""Files from addresses: which may be asked, how, and when."""

from onemind.publishing.sources.due import Came, due
from onemind.publishing.sources.fetch import fetch
from onemind.publishing.sources.reach import AGENT, Allowance, connected, is_public

__all__ = ["AGENT", "Allowance", "Came", "connected", "due", "fetch", "is_public"]
