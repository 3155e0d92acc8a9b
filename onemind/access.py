"""Who may do what: roles, and the permissions each has.

Until sign-in is built there is one user, the local admin, and the server answers this computer
only.
"""

from __future__ import annotations

from dataclasses import dataclass

from onemind.errors import NotAllowed
from onemind.settings import operating_system_user


@dataclass(frozen=True)
class Permission:
    """Something that may be allowed or not; `description` completes "You may not …"."""

    name: str
    description: str


EXPLORE = Permission("explore", "look at the dashboard")
PUBLISH = Permission("publish", "upload, publish or restore data")
ADMINISTER = Permission("administer", "manage people and the store")
PERMISSIONS = (EXPLORE, PUBLISH, ADMINISTER)

ROLES = {
    "viewer": frozenset({EXPLORE}),
    "staff": frozenset({EXPLORE, PUBLISH}),
    "admin": frozenset({EXPLORE, PUBLISH, ADMINISTER}),
}


@dataclass(frozen=True)
class User:
    """Whoever is here: a name to publish under, and a role."""

    name: str
    role: str

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission."""
        return permission in ROLES[self.role]


def local_admin() -> User:
    """Return the one user of a server that answers this computer only."""
    return User(operating_system_user(), "admin")


def require(user: User, permission: Permission) -> None:
    """Raise NotAllowed unless the user has the permission."""
    if not user.may(permission):
        raise NotAllowed(permission.description)
