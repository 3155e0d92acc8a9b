"""Who may do what: roles, and the permissions each has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onemind.campaign import EVERYTHING, Scope, Sight
from onemind.errors import NotAllowed
from onemind.settings import operating_system_user


@dataclass(frozen=True)
class Permission:
    """Something a role may do; `description` completes "You don't have permission to …"."""

    name: str
    description: str


EXPLORE = Permission("explore", "view the dashboard")
DOWNLOAD = Permission("download", "download data")
OFFICERS = Permission("officers", "see rows about single officers")
CONTACTS = Permission("contacts", "see a department's contacts")
SMALL_COUNTS = Permission("small_counts", "see counts of people under five")
PUBLISH = Permission("publish", "upload, publish or restore data")
VERSIONS = Permission("versions", "view older versions")
SHARE = Permission("share", "create or revoke share links")
ADMINISTER = Permission("administer", "manage people and the store")
PERMISSIONS = (
    EXPLORE, DOWNLOAD, OFFICERS, CONTACTS, SMALL_COUNTS, VERSIONS, PUBLISH, SHARE, ADMINISTER,
)  # fmt: skip

_PARTNER = frozenset({EXPLORE})
_VIEWER = _PARTNER | {DOWNLOAD, OFFICERS, VERSIONS}
_STAFF = _VIEWER | {CONTACTS, SMALL_COUNTS, PUBLISH, SHARE}
ROLES = {
    "partner": _PARTNER,
    "viewer": _VIEWER,
    "staff": _STAFF,
    "admin": _STAFF | {ADMINISTER},
}


@dataclass(frozen=True)
class User:
    """Whoever is here: a name to publish under, a role, and what a share link narrows or adds.

    `pages` are the titles of the pages a link was made for (None: all), `version` the one it is
    held at (None: live), `downloads` whether it allows them, `until` its last day, `sites` those
    that may embed it. `id` is the person's or the link's.
    """

    name: str
    role: str
    scope: Scope = EVERYTHING
    pages: tuple[str, ...] | None = None
    version: int | None = None
    downloads: bool = False
    until: date | None = None
    sites: tuple[str, ...] = ()
    id: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the role, or the link, has the permission."""
        granted = permission == DOWNLOAD and self.downloads
        return granted or permission in ROLES[self.role]

    def may_open(self, title: str) -> bool:
        """Whether the page of that title is among those a link was made for."""
        return self.pages is None or title in self.pages

    @property
    def sight(self) -> Sight:
        """How this user sees the data."""
        return Sight(self.scope, self.may(CONTACTS), self.may(SMALL_COUNTS), self.version)


def local_admin() -> User:
    """Return the one user of a server that answers this computer only."""
    return User(operating_system_user(), "admin")


def require(user: User, permission: Permission) -> None:
    """Raise NotAllowed unless the user has the permission."""
    if not user.may(permission):
        raise NotAllowed(permission.description)
