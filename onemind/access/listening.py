"""Where the dashboard may listen: while there is no sign-in, on this computer only."""

from __future__ import annotations

from ipaddress import ip_address

from onemind.access.visitors import Visitors
from onemind.errors import NotPossibleNow

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")
REFUSAL = """\
Refused to start on {address}. No sign-in is set up, so anyone who reaches it could publish.
Do one of these, then start it again:
  - add yourself:      python -m onemind people add YOU@EXAMPLE.ORG --role admin
  - name a provider:   ONEMIND_OIDC_URL, ONEMIND_OIDC_CLIENT_ID, ONEMIND_OIDC_CLIENT_SECRET
  - show it to all:    ONEMIND_PUBLIC=all, or a scope such as state=MA
  - stay local:        {stay}"""


def refuse_unsafe(visitors: Visitors, address: str, stay: str) -> None:
    """Raise NotPossibleNow for an address that others reach where anybody may do anything.

    `stay` is the option that keeps the server on this computer.
    """
    if visitors.public is None and visitors.is_local() and not is_local(address):
        raise NotPossibleNow(REFUSAL.format(address=address, stay=stay))


def is_local(host: str) -> bool:
    """Whether an address or a name is this computer's own."""
    if host in LOCAL_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
