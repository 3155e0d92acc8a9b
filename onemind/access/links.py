"""Share links: made with a random token that is shown once, listed, opened, used, ended.

Of the token only its SHA-256 is kept, of a passphrase its argon2 hash. Opening a link counts
nothing, for scanners of mail and chats fetch links: a use is counted when the dashboard itself is
opened, once a session. A link ends with its last day, by UTC, or when it is revoked.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import quote

from onemind.access import passwords, sessions
from onemind.access.attempts import network
from onemind.access.link_scope import sound
from onemind.access.pages import FEEDS
from onemind.access.passwords import LONGEST, SHORTEST
from onemind.access.sessions import ends_at, key_of, new_token
from onemind.appdb import AppDatabase, Link
from onemind.campaign import EVERYTHING, Scope
from onemind.errors import NotPossibleNow, WrongUse
from onemind.store import Store

ACTIVE, ENDED, REVOKED = "active", "ended", "revoked"
MOST_DAYS, LONGEST_LABEL = 365, 100
SITE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?"
                  r"|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")  # fmt: skip
UNOPENED = timedelta(days=1)  # a session begun by a scanner is forgotten after it
GUESSES, GUESSING = 20, timedelta(minutes=10)  # unknown tokens from one address
TRIES, TRYING = 5, timedelta(minutes=15)  # wrong passphrases of one link from one address
ALL_TRIES = 50  # and from all addresses
_ONE = Lock()


@dataclass(frozen=True)
class Terms:
    """What a link is made for: `pages` titles (None: all), `version` the one it is held at (None:
    live), `passphrase` as it is typed (blank: none), `sites` those that may embed it.
    """

    label: str
    scope: Scope = EVERYTHING
    pages: tuple[str, ...] | None = None
    downloads: bool = False
    version: int | None = None
    days: int = 30
    passphrase: str = ""
    sites: tuple[str, ...] = ()


def make(
    appdb: AppDatabase,
    store: Store,
    terms: Terms,
    titles: Iterable[str],
    author: str,
    now: datetime,
    ip: str = "",
) -> tuple[Link, str]:
    """Create a link and return it with its token, which nobody can see again.

    `titles` are those of the pages that can be shared. Raises WrongUse for terms that make no
    sense.
    """
    sound = _sound(store, terms, tuple(titles))
    token = new_token()
    passphrase_hash = passwords.hashed(sound.passphrase) if sound.passphrase else None
    expires = (now + timedelta(days=sound.days)).date()
    link = Link(
        secrets.token_hex(4), key_of(token), sound.label, sound.scope.text(), sound.pages,
        sound.downloads, sound.version, expires, passphrase_hash, sound.sites, author, now,
    )  # fmt: skip
    appdb.links.add(link)
    appdb.activity.add(now, author, "link made", f"{link.label} ({link.id})", ip, said(link))
    return link, token


def said(link: Link) -> dict[str, object]:
    """Return a link's terms as the activity log keeps them, and `--json` prints them."""
    return {
        "id": link.id,
        "label": link.label,
        "scope": link.scope,
        "pages": list(link.pages) if link.pages is not None else None,
        "downloads": link.downloads,
        "version": link.version,
        "expires_on": link.expires_on.isoformat(),
        "passphrase": link.passphrase is not None,
        "sites": list(link.sites),
    }


def address(base: str, token: str) -> str:
    """Return what is sent to somebody: the dashboard's address with the token."""
    return f"{base.rstrip('/')}/share/{token}"


def feeds(base: str, token: str, link: Link) -> dict[str, str]:
    """Return the addresses that other programs read a link by, for those of its pages.

    There are none where it asks for a passphrase. DEPARTMENT stands for a department's id, unless
    the link shows one alone.
    """
    if link.passphrase is not None:
        return {}
    only = Scope.from_text(link.scope).department_id
    named = quote(only[0], safe="") if len(only) == 1 else "DEPARTMENT"
    return {
        name: f"{base.rstrip('/')}/feeds/{token}/{path.replace('DEPARTMENT', named)}"
        for name, (path, titles) in FEEDS.items()
        if link.pages is None or set(titles) & set(link.pages)
    }


def standing(link: Link, now: datetime) -> str:
    """Return active, ended or revoked."""
    if link.revoked_at is not None:
        return REVOKED
    return ENDED if now >= ends_at(link) else ACTIVE


def revoke(appdb: AppDatabase, link: str, author: str, now: datetime, ip: str = "") -> Link:
    """End a link, and every session that came by it, at once.

    Raises WrongUse when there is none of that id, NotPossibleNow when it has already ended.
    """
    row = appdb.links.by_id(link)
    if row is None:
        raise WrongUse(f"There is no link '{link}'. `python -m onemind link list` lists them.")
    if standing(row, now) != ACTIVE or not appdb.links.revoke(link, now):
        raise NotPossibleNow(f"The link '{row.label}' has already ended.")
    appdb.activity.add(now, author, "link revoked", f"{row.label} ({row.id})", ip)
    return row


def known(appdb: AppDatabase, token: str, ip: str, now: datetime) -> Link | None:
    """Return the link of a token, ended or not; None when there is none.

    Raises NotPossibleNow for an address that tried too many tokens that do not exist.
    """
    subject = f"share {network(ip)}"
    if appdb.attempts.since(subject, now - GUESSING) >= GUESSES:
        raise NotPossibleNow(
            "Too many links that do not exist were opened from your address. "
            "Wait ten minutes, then open yours again."
        )
    link = appdb.links.by_token(key_of(token))
    if link is None:
        appdb.attempts.forget(now - TRYING)
        appdb.attempts.note(subject, now)
        if appdb.attempts.since(subject, now - GUESSING) == GUESSES:
            appdb.activity.add(now, "somebody", "refusal", "guessing share links", ip)
    return link


def try_passphrase(appdb: AppDatabase, link: Link, passphrase: str, ip: str, now: datetime) -> bool:
    """Whether a passphrase is the link's.

    Raises NotPossibleNow after too many wrong ones, from the address or from all together. One is
    tried at a time: many at once would slip past the limit, and fill memory with their hashes.
    """
    with _ONE:
        return _try_passphrase(appdb, link, passphrase, ip, now)


def _try_passphrase(
    appdb: AppDatabase, link: Link, passphrase: str, ip: str, now: datetime
) -> bool:
    whole, subject = f"phrase {link.id}", f"phrase {link.id} {network(ip)}"
    tried = appdb.attempts.since(subject, now - TRYING)
    if tried >= TRIES or appdb.attempts.since(whole, now - TRYING) >= ALL_TRIES:
        raise NotPossibleNow("Too many wrong passphrases. Wait 15 minutes, then try again.")
    appdb.attempts.note(subject, now)  # before it is tried: many at once must not slip past
    if passwords.matches(link.passphrase, passphrase):
        appdb.attempts.forget(now + timedelta(seconds=1), subject)
        return True
    appdb.attempts.note(whole, now)
    appdb.activity.add(now, "somebody", "refusal", f"wrong passphrase of {link.label}", ip)
    return False


def begin(appdb: AppDatabase, link: Link, now: datetime, ip: str, agent: str) -> str:
    """Begin a session of a link and return its token."""
    appdb.sessions.forget_unopened(now - UNOPENED)
    return sessions.begin(appdb, link, now, ip, agent)


def use(appdb: AppDatabase, link: str, session: str, ip: str, now: datetime) -> None:
    """Count a use by a session, once, and note it in the activity log."""
    if appdb.links.used(link, session, now):
        row = appdb.links.by_id(link)
        label = row.label if row else "?"
        appdb.activity.add(now, label, "link opened", f"{label} ({link})", ip)


def _sound(store: Store, terms: Terms, titles: tuple[str, ...]) -> Terms:
    """Return the terms in order; raises WrongUse for what makes no sense in them."""
    label = " ".join(terms.label.split())
    if not label or len(label) > LONGEST_LABEL:
        raise WrongUse(
            f"The label has {len(label)} characters. Write 1 to {LONGEST_LABEL}: who "
            "or what the link is for. Anyone who opens the link sees it."
        )
    if not 1 <= terms.days <= MOST_DAYS:
        raise WrongUse(f"{terms.days:,} days is out of range: a link lasts 1 to 365 days.")
    if terms.passphrase and not SHORTEST <= len(terms.passphrase) <= LONGEST:
        raise WrongUse(
            f"The passphrase has {len(terms.passphrase)} characters. Take {SHORTEST} to {LONGEST}; "
            "a few words are easy to share."
        )
    version = store.version(terms.version) if terms.version is not None else None
    sound(store, terms.scope, version.number if version else None)
    return Terms(
        label, terms.scope, _pages(terms.pages, titles), terms.downloads, terms.version,
        terms.days, terms.passphrase, tuple(map(_site, terms.sites)),
    )  # fmt: skip


def _pages(asked: tuple[str, ...] | None, titles: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the titles as the menu writes them, in its order; None for all of them."""
    if asked is None:
        return None
    known = {title.lower(): title for title in titles}
    for name in asked:
        if name.strip().lower() not in known:
            raise WrongUse(f"There is no page '{name}' to share. Choose from: {', '.join(titles)}.")
    names = {name.strip().lower() for name in asked}
    if not names:
        raise WrongUse(f"Choose at least one page: {', '.join(titles)}.")
    return tuple(title for title in titles if title.lower() in names)


def _site(text: str) -> str:
    site = text.strip().lower().rstrip("/")
    if not SITE.fullmatch(site):
        raise WrongUse(
            f"'{text}' is not a site that can embed a link. Write https:// and its name, such as "
            "https://www.example.org, without a path."
        )
    return site
