"""Several app processes on one machine, behind one address: a proxy spreads the visitors.

HAProxy or nginx does that; here their config is written, and the children are looked after.
"""

from onemind.replicas.proxy import HEALTH, Plan
from onemind.replicas.start import serve

__all__ = ["HEALTH", "Plan", "serve"]
