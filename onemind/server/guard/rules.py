"""What each address asks for: a permission, or nothing. What is not declared here is refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from onemind.access import ADMINISTER, DOWNLOAD, EXPLORE, PAGES, PUBLISH, Permission

HTTP, WEBSOCKET = "http", "websocket"


@dataclass(frozen=True)
class Rule:
    """An address and what it asks for; one that ends in /* stands for all below it.

    `permission` None: anybody may; `title`: it is a page of that title; `lasting`: the answer goes
    on and is ended with the session. `probe`: a program that watches asks it, so it waits in no
    line; `token`: that program must show the token set for it, or be on this computer. `bearer`:
    programs ask it, which may show the token of a share link, and are told problems as such.
    """

    path: str
    permission: Permission | None
    methods: tuple[str, ...] = ("GET", "HEAD")
    kind: str = HTTP
    title: str = ""
    lasting: bool = False
    probe: bool = False
    token: bool = False
    bearer: bool = False

    def fits(self, kind: str, path: str) -> bool:
        """Whether this rule speaks of a path."""
        if self.path.endswith("/*"):
            return kind == self.kind and path.startswith(self.path[:-1]) and path != self.path[:-1]
        return kind == self.kind and path == self.path


FORM = ("GET", "HEAD", "POST")
READ = ("GET", "HEAD", "OPTIONS")
ROUTES = (
    Rule("/healthz", None, probe=True),
    Rule("/readyz", None, probe=True),
    Rule("/metrics", None, probe=True, token=True),
    Rule("/static/*", None),
    Rule("/favicon.png", None),
    Rule("/icon.png", None),
    Rule("/login", None, FORM),
    Rule("/login/*", None),
    Rule("/account", None, FORM),
    Rule("/share/*", None, FORM),
    Rule("/unsubscribe/*", None, FORM),
    Rule("/overview", EXPLORE),
    Rule("/api/v1", EXPLORE, READ, bearer=True),
    Rule("/api/v1/", EXPLORE, READ, bearer=True),
    Rule("/api/v1/openapi.json", EXPLORE, READ, bearer=True),
    Rule("/api/v1/*", DOWNLOAD, READ, bearer=True),
    Rule("/site", EXPLORE),
    Rule("/site/", EXPLORE),
    Rule("/site/*", EXPLORE),
    Rule("/api/session", EXPLORE),
    Rule("/api/events", EXPLORE, lasting=True),
    Rule("/api/boundaries/*", EXPLORE),
    Rule("/api/kiosk.js", EXPLORE),
    Rule("/_stcore/stream", EXPLORE, kind=WEBSOCKET),
    Rule("/_stcore/health", EXPLORE),
    Rule("/_stcore/host-config", EXPLORE),
    Rule("/_stcore/bidi-components/*", EXPLORE),
    Rule("/component/*", EXPLORE),
    Rule("/media/*", EXPLORE),
    Rule("/_stcore/upload_file/*", PUBLISH, ("PUT", "DELETE")),
    Rule("/_stcore/metrics", ADMINISTER),
)


def address_of(title: str) -> str:
    """Return the address of a page."""
    return "/" if title == "Overview" else f"/{title.lower()}"


@cache
def pages() -> tuple[Rule, ...]:
    """Return the rules of the pages: as the menu declares them."""
    return tuple(
        Rule(address_of(title), permission, title=title)
        for section in PAGES.values()
        for _, title, permission in section
    )


def rule(kind: str, path: str) -> Rule | None:
    """Return the rule of an address, or None for one that is not declared."""
    return next((item for item in (*ROUTES, *pages()) if item.fits(kind, path)), None)
