"""Reaching a host over https: one that was allowed, and never a private address.

Every name is resolved here, every address it has is checked, and the connection goes to an address
that was checked.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from onemind.errors import NotPossibleNow, WrongUse

AGENT = "one-mind-dashboard"


@dataclass(frozen=True)
class Allowance:
    """The hosts that may be asked: a name, `*.name` for all below it, or an address with its port.

    `setting` is where they are listed.

    An address given so, such as 127.0.0.1:8080, is an explicit allowance: it may be private, and
    is asked over http.
    """

    hosts: tuple[str, ...]
    setting: str = "ONEMIND_SOURCE_HOSTS"

    def explicit(self, parts: SplitResult) -> bool:
        """Whether the very address was allowed, private or not."""
        return _is_address(parts.hostname) and f"{parts.hostname}:{parts.port}" in self.hosts

    def prove(self, url: str) -> SplitResult:
        """Return the parts of an address; raises WrongUse where it may not be asked."""
        parts = urlsplit(url)
        try:
            host, _ = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise WrongUse(f"{url} is no address.") from error
        if self.explicit(parts) and parts.scheme == "http":
            return parts
        if parts.scheme != "https" or not host or parts.username or parts.password:
            raise WrongUse(f"{url} is not an https address, such as https://example.org/data.csv.")
        if not any(_fits(host, item) for item in self.hosts):
            allowed = ", ".join(self.hosts) or "none yet"
            raise WrongUse(
                f"{host} is not among the allowed hosts ({allowed}). "
                f"Whoever runs the server can add it to {self.setting}."
            )
        return parts


def _fits(host: str, item: str) -> bool:
    return host.endswith(item[1:]) if item.startswith("*.") else host == item


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def connected(parts: SplitResult, allowance: Allowance, until: float) -> http.client.HTTPConnection:
    """Return a connection to an address of the host that was checked.

    Raises WrongUse where one of its addresses is private, NotPossibleNow where it can't be reached.
    """
    host, explicit = str(parts.hostname), allowance.explicit(parts)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    address = _resolved(host, port, explicit)
    left = max(until - time.monotonic(), 1)
    try:
        stream = socket.create_connection((address, port), timeout=left)
        if parts.scheme == "https":
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    except OSError as error:
        raise NotPossibleNow(f"{host} can't be reached: {error}.") from error
    connection = http.client.HTTPConnection(host, port, timeout=left)
    connection.sock = stream
    return connection


def _resolved(host: str, port: int, explicit: bool) -> str:
    """Return an address of a host; raises WrongUse where any of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotPossibleNow(f"{host} can't be found: {error}.") from error
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        if not explicit and not is_public(address):
            raise WrongUse(f"{host} leads to {address}, which is not a public address.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address is anybody's on the internet, also where it hides in an IPv6 one."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if known in ipaddress.ip_network("64:ff9b::/96"):  # an IPv4 one behind a translator
            return is_public(str(ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)))
    return known.is_global and not known.is_multicast
