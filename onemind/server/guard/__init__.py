"""Who may reach which address."""

from onemind.server.guard.guard import Guard
from onemind.server.guard.refusals import ended
from onemind.server.guard.rules import HTTP, WEBSOCKET, Rule, address_of, rule

__all__ = ["HTTP", "WEBSOCKET", "Guard", "Rule", "address_of", "ended", "rule"]
