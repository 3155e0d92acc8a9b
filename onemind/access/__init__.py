"""Who somebody is, what they may do, which pages there are, and the links that let others in."""

from onemind.access import attempts, bearers, links, passwords, people, sessions, signin
from onemind.access.cookies import (
    COOKIES,
    EMBED_COOKIE,
    FIRST_FOUND,
    IP_HEADER,
    LINK_COOKIES,
    REQUEST_HEADER,
)
from onemind.access.link_scope import departments, sound
from onemind.access.listening import is_local, refuse_unsafe
from onemind.access.pages import DEPARTMENT, EXPLORING, MAP, METHODOLOGY, PAGES, shareable
from onemind.access.roles import (
    ADMINISTER,
    CONTACTS,
    DOWNLOAD,
    EXPLORE,
    OFFICERS,
    PERMISSIONS,
    PUBLISH,
    SHARE,
    SMALL_COUNTS,
    VERSIONS,
    Permission,
    User,
    require,
)
from onemind.access.visitors import Visitors

__all__ = [
    "ADMINISTER",
    "CONTACTS",
    "COOKIES",
    "DEPARTMENT",
    "DOWNLOAD",
    "EMBED_COOKIE",
    "EXPLORE",
    "EXPLORING",
    "FIRST_FOUND",
    "IP_HEADER",
    "LINK_COOKIES",
    "MAP",
    "METHODOLOGY",
    "OFFICERS",
    "PAGES",
    "PERMISSIONS",
    "PUBLISH",
    "REQUEST_HEADER",
    "SHARE",
    "SMALL_COUNTS",
    "VERSIONS",
    "Permission",
    "User",
    "Visitors",
    "attempts",
    "bearers",
    "departments",
    "is_local",
    "links",
    "passwords",
    "people",
    "refuse_unsafe",
    "require",
    "sessions",
    "shareable",
    "signin",
    "sound",
]
