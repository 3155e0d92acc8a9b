"""Who calls, as far as the connection says: address, name called by, cookies, where from.

What a proxy says of the caller is believed only of the proxies that are set. uvicorn's own reading
of these headers takes an IPv4 address in IPv6's clothes for another, so that neither the proxy nor
its reader is known, and no "http, https" of two proxies.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

from onemind.access import COOKIES, FIRST_FOUND, is_local
from onemind.settings import Settings

# How the headers begin that proxies and tunnels add.
FORWARDED = ("forwarded", "via", "x-real-ip", "true-client-ip", "cf-", "x-forwarded-")
# Headers by which a proxy would say who somebody is. Nobody may say that but our own cookie.
IDENTITY = (
    *(b"x-onemind-", b"remote-user", b"x-remote-user", b"x-auth-request-"),
    *(b"x-forwarded-user", b"x-forwarded-email", b"x-forwarded-preferred-username"),
)
FORM_COOKIES = ("__Host-onemind_form", "onemind_form")
SAFE = ("GET", "HEAD", "OPTIONS")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{4,64}")


@dataclass(frozen=True)
class Caller:
    """One request or websocket: `ip` behind trusted proxies, `secure` when it came by TLS.

    `token` is of a share link or of one's own session, `own` of one's own session only.
    """

    kind: str
    method: str
    path: str
    query: str
    ip: str
    name: str
    host: str
    hosts: tuple[str, ...]
    secure: bool
    forwarded: bool
    token: str | None
    own: str | None
    form: str | None
    bearer: str
    authorization: str
    agent: str
    origin: str | None
    fetched_from: str
    wants_page: bool

    @property
    def is_local(self) -> bool:
        """Whether it comes from this computer, called by one of its own names, with no proxy."""
        return is_local(self.ip) and is_local(self.name) and not self.forwarded

    @property
    def is_own(self) -> bool:
        """Whether the page that asks is one of ours; a program that is no browser says nothing."""
        if self.origin is not None and _place(self.origin) not in self.hosts:
            return False
        return self.fetched_from in ("", "same-origin", "none")

    @property
    def changes(self) -> bool:
        """Whether it asks to change something."""
        return self.kind == "websocket" or self.method not in SAFE

    @property
    def address(self) -> str:
        """The path with its query, to come back to."""
        return f"{self.path}?{self.query}" if self.query else self.path


def caller(scope: Scope, settings: Settings) -> Caller:
    """Return who calls."""
    connection = HTTPConnection(scope)
    headers, cookies = connection.headers, connection.cookies
    peer = _peer(connection)
    secure = is_secure(scope, settings)
    host = headers.get("host", "").lower()
    return Caller(
        kind=scope["type"],
        method=scope.get("method", ""),
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        ip=_behind(peer, headers.getlist("x-forwarded-for"), settings.proxies),
        name=_hostname(host),
        host=host,
        hosts=tuple(filter(None, (host, urlsplit(settings.url).netloc.lower()))),
        secure=secure,
        forwarded=any(name.startswith(FORWARDED) for name in headers),
        token=_first(cookies, FIRST_FOUND, secure),
        own=_first(cookies, COOKIES, secure),
        form=_first(cookies, FORM_COOKIES, secure),
        bearer=_bearer(headers.get("authorization", "")),
        authorization=headers.get("authorization", ""),
        agent=headers.get("user-agent", ""),
        origin=headers.get("origin"),
        fetched_from=headers.get("sec-fetch-site", ""),
        wants_page=scope.get("method") in ("GET", "HEAD")
        and "text/html" in headers.get("accept", ""),
    )


def request_id(scope: Scope, settings: Callable[[], Settings]) -> str:
    """Return what a request is called in the log: as the proxy in front called it, else anew.

    Only a proxy that is believed may name it, and only by a short plain text.
    """
    number = _told_by_proxy(scope, "x-request-id", settings)
    return number if REQUEST_ID.fullmatch(number) else secrets.token_hex(8)


def trace_parent(scope: Scope, settings: Callable[[], Settings]) -> str:
    """Return the W3C traceparent of a request, where a proxy that is believed gives one."""
    return _told_by_proxy(scope, "traceparent", settings)


def _told_by_proxy(scope: Scope, name: str, settings: Callable[[], Settings]) -> str:
    """Return a header of a proxy that is believed; the settings are read where there is one."""
    connection = HTTPConnection(scope)
    text = connection.headers.get(name, "")
    return text if text and _among(_peer(connection), settings().proxies) else ""


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether it came by TLS: to us, to a proxy that is believed, or as our address says."""
    connection = HTTPConnection(scope)
    scheme = connection.headers.get("x-forwarded-proto", "").split(",")[-1].strip()
    came_by = scheme if _among(_peer(connection), settings.proxies) else ""
    return "https" in (came_by, scope.get("scheme")) or (
        scope.get("scheme") == "wss" or settings.url.startswith("https://")
    )


def without_identity(
    headers: Iterable[tuple[bytes, bytes]], secure: bool
) -> list[tuple[bytes, bytes]]:
    """Return the headers but for those that claim who somebody is.

    Behind TLS that goes for the cookie without the __Host- prefix too: a neighbor's site under
    the same domain could have set it.
    """
    kept = [item for item in headers if not item[0].lower().startswith(IDENTITY)]
    if not secure:
        return kept
    return [(name, _hosts(value) if name == b"cookie" else value) for name, value in kept]


def _hosts(cookies: bytes) -> bytes:
    return b";".join(
        part for part in cookies.split(b";") if not part.strip().startswith(b"onemind_")
    )


def _first(cookies: Mapping[str, str], names: tuple[str, ...], secure: bool) -> str | None:
    """Return the first of our cookies; behind TLS only one that this very host can have set."""
    among = [name for name in names if name.startswith("__Host-") or not secure]
    return next((cookies[name] for name in among if name in cookies), None)


def _bearer(text: str) -> str:
    """Return the token of an Authorization header, "" of another kind of it."""
    kind, _, token = text.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _place(origin: str) -> str:
    """Return name and port of an origin; none of one that can't be read, which is nobody's."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _peer(connection: HTTPConnection) -> str:
    return _bare(connection.client.host) if connection.client else ""


def _bare(address: str) -> str:
    """Return an address alone: without a port, and IPv4 as such where a socket of IPv6 took it.

    Else everybody's tries would count as one, or a port more would be another address.
    """
    text = address.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return text
    return str((found.version == 6 and found.ipv4_mapped) or found)


def _behind(peer: str, forwarded: list[str], proxies: tuple[str, ...]) -> str:
    """Return the last address that is not a proxy of ours: what stands before it anybody wrote."""
    for address in reversed([_bare(part) for line in forwarded for part in line.split(",")]):
        if not _among(peer, proxies):
            break
        peer = address
    return peer[:64]


def _among(address: str, networks: tuple[str, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(network) for network in networks)
