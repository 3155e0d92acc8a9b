"""The share links there are: the new one's address, shown once; each one's terms and use."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st

from onemind import access, runtime, settings, ui
from onemind.access import SHARE, require
from onemind.access.sessions import ends_at
from onemind.appdb import Link
from onemind.campaign import Scope
from onemind.errors import OneMindError
from onemind.ui import plain
from onemind.words import counted, long_day

MADE = "link_made"  # until it is put away: a publish elsewhere must not take it off the screen
BADGES = {access.links.ACTIVE: "green", access.links.ENDED: "gray", access.links.REVOKED: "red"}

FEED_WORDS = {
    "calendar": ("Calendar", "Subscribe to it: deadlines, and certificates ending by month."),
    "changes": ("Feed of changes", "Put it into a feed reader: what each version changed."),
    "badge": ("Badge", "Show this picture on any page: where one department stands."),
    "card": ("Card", "Put it into a frame on a site that the link allows: one department."),
    "picture": ("Picture", "Chats and mail show it beside the link: the numbers and the map."),
}


def keep(link: Link, token: str) -> None:
    """Keep a new link's address on the screen until it is put away."""
    base = _base()
    address, feeds = access.links.address(base, token), access.links.feeds(base, token, link)
    st.session_state[MADE] = (link.id, link.label, address, feeds)


def _base() -> str:
    """Return the address that people open: as it is set, else as this browser does."""
    parts = urlsplit(st.context.url or "")
    return settings.load().url or f"{parts.scheme}://{parts.netloc}"


def reach() -> None:
    """Say so when nobody could open a link yet."""
    if runtime.visitors().is_local():
        st.info(
            "This dashboard works on this computer only, so links open only here. Add "
            "a person or set ONEMIND_PUBLIC, and start it on an address that others "
            "can reach."
        )


def shown_once() -> None:
    """Show the address of the link just made, to copy or to scan."""
    if MADE not in st.session_state:
        return
    _, label, address, feeds = st.session_state[MADE]
    with st.container(border=True, key="card_made"):
        st.subheader(f"The link for {plain(label)}", anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(_code(address), width=196)
            with st.container(width="stretch"):
                st.markdown("Copy it now. It isn't stored and can't be shown again.")
                st.code(address, language=None, wrap_lines=True)
                st.button("I copied it", on_click=lambda: st.session_state.pop(MADE), key="have_it")
        if feeds:
            _offered(feeds)


def _offered(feeds: dict[str, str]) -> None:
    """Show the addresses by which other programs read the link, each to copy."""
    with st.expander("For calendars, feed readers and other sites", icon=":material/rss_feed:"):
        st.markdown("These addresses show the same part of the data, and end with the link.")
        for name, address in feeds.items():
            title, words = FEED_WORDS[name]
            st.markdown(f"**{title}.** {words}")
            if "DEPARTMENT" in address:
                st.caption("Write the department's id in place of DEPARTMENT.")
            st.code(address, language=None, wrap_lines=True)


def _code(address: str) -> str:
    """Return a QR code of an address; dark on light in either theme, as scanners want it."""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, light="white")
    return f'<img src="{escape(picture)}" width="180" height="180" alt="QR code of the link">'


def listed() -> None:
    """List the links: those that work, then those that ended."""
    now = datetime.now(UTC)
    links = runtime.appdb().links.all()
    active = [link for link in links if access.links.standing(link, now) == access.links.ACTIVE]
    ended = [link for link in links if link not in active]
    st.header(f"{counted(len(active), 'link')} in use" if active else "No links in use",
              anchor=False)  # fmt: skip
    for link in active:
        _card(link, now)
    if ended:
        with st.expander(f"{counted(len(ended), 'link')} ended"):
            for link in ended:
                _card(link, now)


def _card(link: Link, now: datetime) -> None:
    standing = access.links.standing(link, now)
    with (
        st.container(border=True, key=f"card_{link.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(width="stretch", gap="xsmall"):
            badge = f":{BADGES[standing]}-badge[{_standing(link, now)}]"
            st.markdown(f"**{plain(link.label)}** {badge}")
            st.markdown(_terms(link))
            st.caption(_use(link))
        if standing == access.links.ACTIVE:
            _offer_revoke(link)


def _standing(link: Link, now: datetime) -> str:
    if link.revoked_at is not None:
        return f"revoked {long_day(link.revoked_at.date())}"
    left = (ends_at(link) - now).days
    if left < 0:
        return f"ended {long_day(link.expires_on)}"
    return "active, ends " + ("today" if left == 0 else f"in {counted(left, 'day')}")


def _terms(link: Link) -> str:
    """Say what a link shows."""
    scope = Scope.from_text(link.scope)
    words = plain(scope.words())
    parts = [
        words[0].upper() + words[1:],
        "all pages" if link.pages is None else ", ".join(link.pages),
        "always the newest version" if link.version is None else f"fixed at version {link.version}",
        "with downloads" if link.downloads else "no downloads",
    ]
    if link.passphrase is not None:
        parts.append("with a passphrase")
    if link.sites:
        parts.append("may be embedded in " + ", ".join(map(plain, link.sites)))
    return " · ".join(parts)


def _use(link: Link) -> str:
    words = f"Made {long_day(link.made_at.date())} by {plain(link.made_by)}, id {link.id}"
    if link.used_at is None:
        return f"{words} · never opened"
    last = f"{long_day(link.used_at.astimezone().date())} {link.used_at.astimezone():%H:%M}"
    return f"{words} · opened {counted(link.uses, 'time')}, last {last}"


def _offer_revoke(link: Link) -> None:
    with st.popover("Revoke", key=f"revoke_{link.id}"):
        st.markdown("Everyone using it loses access immediately, and no one can open it again.")
        if st.button("Revoke the link", type="primary", key=f"revoke_now_{link.id}"):
            user = ui.visitor.user()
            require(user, SHARE)
            try:
                access.links.revoke(runtime.appdb(), link.id, user.name, datetime.now(UTC),
                             ui.visitor.ip())  # fmt: skip
            except OneMindError as error:
                st.error(plain(str(error)))
                return
            if st.session_state.get(MADE, ("",))[0] == link.id:
                st.session_state.pop(MADE)
            st.rerun()
