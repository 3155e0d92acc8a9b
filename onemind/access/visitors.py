"""Who a visitor is at this moment, and whether there is any sign-in at all.

With no people, no provider and no public view set up, the dashboard is local: it answers this
computer alone, and whoever uses it is its admin. Once any of these is set up, it is never local
again while the process runs, so that removing the last person does not open it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from onemind.access.roles import User, local_admin
from onemind.access.sessions import LINK, Limits, key_of, users, visitor
from onemind.appdb import AppDatabase, Link
from onemind.campaign import Scope
from onemind.settings import Settings


@dataclass
class Visitors:
    """The small database and the settings, asked about whoever comes."""

    appdb: AppDatabase
    settings: Settings
    _hosted: bool = field(default=False, init=False)

    @property
    def limits(self) -> Limits:
        """How long a person's session lasts."""
        return Limits(self.settings.idle, self.settings.longest)

    @property
    def public(self) -> Scope | None:
        """What visitors without an account see; None: nothing."""
        return Scope.from_text(self.settings.public) if self.settings.public else None

    def is_local(self) -> bool:
        """Whether nothing of sign-in is set up, so that only this computer may come in."""
        if not self._hosted:
            self._hosted = is_hosted(self.appdb, self.settings)
        return not self._hosted

    def who(self, token: str | None) -> User | None:
        """Return who comes with this token, or with none; None when they may not come in."""
        key = key_of(token) if token else None
        return self.who_each([key]).get(key)

    def who_each(self, keys: Iterable[str | None], used: bool = True) -> dict[str | None, User]:
        """Return who each session is at this moment; the key None is whoever comes without one.

        Where it is only looked after, and not `used`, it gets no older by it and no younger.
        """
        asked = set(keys)
        known = self._signed_in({key for key in asked if key}, used)
        without = self._without()
        if without is not None:
            gone = self._of_links({key for key in asked if key} - set(known))
            known = {key: known.get(key, without) for key in asked - gone}
        return known

    def _of_links(self, keys: set[str]) -> set[str | None]:
        """Return those keys that are of links: theirs end, and are not let in as a visitor."""
        sessions = self.appdb.sessions.found(keys) if keys else []
        return {session.key for session, _, _ in sessions if session.kind == LINK}

    def _signed_in(self, keys: set[str], used: bool) -> dict[str | None, User]:
        if not keys:
            return {}
        found: dict[str | None, User] = {}
        found.update(users(self.appdb, keys, datetime.now(UTC), self.limits, used))
        return found

    def _without(self) -> User | None:
        if self.public is not None:
            return visitor(self.public)
        return local_admin() if self.is_local() else None

    def ended_link(self, token: str) -> Link | None:
        """Return the link that a token came by, if it did; for saying that it has ended."""
        sessions = self.appdb.sessions.found([key_of(token)])
        return sessions[0][2] if sessions and sessions[0][0].kind == LINK else None


def is_hosted(appdb: AppDatabase, settings: Settings) -> bool:
    """Whether there is sign-in or a public view: a provider, a person, or a scope for visitors."""
    return bool(settings.providers or settings.public or appdb.people.any())
