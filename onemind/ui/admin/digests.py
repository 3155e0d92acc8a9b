"""Who gets the weekly digest by mail, in which scope and on which day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from onemind import digest, runtime, ui
from onemind.access import ADMINISTER, require
from onemind.appdb.sending import Subscription
from onemind.campaign import Scope
from onemind.errors import OneMindError
from onemind.geography import state_name
from onemind.ui import hand, label, plain


def panel() -> None:
    """List the subscriptions, and let an admin add and end them."""
    st.subheader("Weekly digest", anchor=False)
    st.markdown(
        "A mail each week with what changed: new pledges, completions, deadlines passed and ahead, "
        "certificates that end, departments gone silent. It names no contacts."
    )
    settings = runtime.store().settings
    if settings.smtp is None:
        folder = settings.store / digest.FOLDER
        st.info(
            f"No mail server is set (ONEMIND_SMTP). Digests are written to {plain(str(folder))}."
        )
    known = runtime.appdb().subscriptions.all()
    _listed(known)
    if not settings.url:
        st.info("Set ONEMIND_URL to add somebody: each digest has a link that ends it.")
        return
    _new()


def _listed(known: list[Subscription]) -> None:
    if not known:
        st.markdown("Nobody gets it yet.")
        return
    table = pd.DataFrame(
        {
            "Email address": [item.address for item in known],
            "About": [Scope.from_text(item.scope).words() for item in known],
            "Every": [digest.WEEKDAYS[item.weekday].capitalize() for item in known],
            "Last digest": [
                f"{item.last_at.astimezone():%Y-%m-%d %H:%M}" if item.last_at else "none yet"
                for item in known
            ],
            "Added by": [item.made_by for item in known],
        }
    )
    st.dataframe(table, hide_index=True, key="digests", alt="Table of digest subscriptions")
    names = {item.id: f"{item.address}: {Scope.from_text(item.scope).words()}" for item in known}
    with st.container(horizontal=True, vertical_alignment="bottom", key="digest_end"):
        chosen = st.selectbox(
            "End a digest", list(names), format_func=lambda name: label(names[name]), width=420
        )
        if st.button("End it") and _done(digest.unsubscribe, chosen):
            st.rerun()


def _new() -> None:
    states = _states()
    with (
        st.form("new_digest", clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        address = st.text_input("Email address of the reader", max_chars=254, width=320)
        chosen = st.multiselect(
            "About which states", states, format_func=state_name, placeholder="All", width=260
        )
        day = st.selectbox("Every", digest.WEEKDAYS, format_func=str.capitalize, width=160)
        pressed = st.form_submit_button("Add the reader")
    scope = Scope(state=tuple(chosen))
    if pressed and _done(digest.subscribe, runtime.store(), address, scope, day):
        st.rerun()


def _states() -> list[str]:
    if runtime.store().current() is None:
        return []
    with runtime.store().reading(None, ["departments"]) as con:
        rows = con.execute(
            "select distinct state from departments where state is not null order by state"
        ).fetchall()
    return [row[0] for row in rows]


def _done(change: Any, *values: Any) -> bool:
    """Make a change as whoever is here; says why not when it can't be made."""
    require(ui.visitor.user(), ADMINISTER)
    try:
        change(runtime.appdb(), *values, hand(), datetime.now(UTC))
    except OneMindError as error:
        st.error(plain(str(error)))
        return False
    return True
