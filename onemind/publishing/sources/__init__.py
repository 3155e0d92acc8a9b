"""Files from addresses: which may be asked, how, and when."""

from onemind.publishing.sources.due import Came, due
from onemind.publishing.sources.fetch import Allowance, fetch, is_public

__all__ = ["Allowance", "Came", "due", "fetch", "is_public"]
