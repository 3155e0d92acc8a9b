"""Fetching a file over https: from hosts that were allowed, and never from a private address.

Every name is resolved here, every address it has is checked, and the connection goes to an address
that was checked. A redirect is a new address, and is checked as the first was.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from onemind.errors import NotPossibleNow, WrongUse

REDIRECTS, SECONDS, CHUNK = 5, 60.0, 1 << 16
AGENT = "one-mind-dashboard"
NAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)
KINDS = {
    "text/csv": ".csv", "application/json": ".json", "text/html": ".html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls", "application/zip": ".zip",
}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched: its name and its ETag; no path where it is as it was."""

    name: str
    path: Path | None
    etag: str


@dataclass(frozen=True)
class Allowance:
    """The hosts that may be asked: a name, `*.name` for all below it, or an address with its port.

    An address given so, such as 127.0.0.1:8080, is an explicit allowance: it may be private, and
    is asked over http.
    """

    hosts: tuple[str, ...]

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
                "Whoever runs the server can add it to ONEMIND_SOURCE_HOSTS."
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


def fetch(url: str, allowance: Allowance, folder: Path, most: int, etag: str = "") -> Fetched:
    """Fetch a file into `folder`, of at most `most` bytes and within SECONDS.

    Raises WrongUse where the address may not be asked, NotPossibleNow where it gives no file.
    """
    until = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        parts = allowance.prove(url)
        connection = _connected(parts, allowance, until)
        try:
            answer = _asked(connection, parts, etag)
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.getheader("Location") or "")
                continue
            if answer.status == 304:
                return Fetched(_name(parts, answer), None, etag)
            if answer.status != 200:
                raise NotPossibleNow(f"{parts.hostname} answers {answer.status} {answer.reason}.")
            path = folder / "fetched"
            _write(answer, path, most, until, str(parts.hostname))
            return Fetched(_name(parts, answer), path, answer.getheader("ETag") or "")
        except (OSError, http.client.HTTPException) as error:
            raise NotPossibleNow(f"{parts.hostname} can't be asked: {error}.") from error
        finally:
            connection.close()
    raise NotPossibleNow(f"{url} sends one on more than {REDIRECTS} times.")


def _connected(
    parts: SplitResult, allowance: Allowance, until: float
) -> http.client.HTTPConnection:
    """Return a connection to an address of the host that was checked."""
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


def _asked(
    connection: http.client.HTTPConnection, parts: SplitResult, etag: str
) -> http.client.HTTPResponse:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    connection.request("GET", target, headers=headers | ({"If-None-Match": etag} if etag else {}))
    return connection.getresponse()


def _write(
    answer: http.client.HTTPResponse, path: Path, most: int, until: float, host: str
) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := answer.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise NotPossibleNow(f"{host} sends more than {most / 1e6:,.0f} MB.")
            if time.monotonic() > until:
                raise NotPossibleNow(f"{host} takes longer than {SECONDS:.0f} seconds.")
            file.write(chunk)


def _name(parts: SplitResult, answer: http.client.HTTPResponse) -> str:
    """What to call the file: as the answer says, else the end of its address."""
    said = NAME.search(answer.getheader("Content-Disposition") or "")
    name = unquote(said[1]) if said else unquote(parts.path.rsplit("/", 1)[-1])
    name = re.sub(r"[^\w.,()\- ]", "_", name).strip(" .")[:120] or str(parts.hostname)
    kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return name if Path(name).suffix else f"{name}{KINDS.get(kind, '.csv')}"
