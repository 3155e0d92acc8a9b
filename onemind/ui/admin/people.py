"""The pieces of the people page: who may sign in, somebody new, and changes to one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from onemind import access, runtime, ui
from onemind.access import ADMINISTER, require
from onemind.access.passwords import random_password
from onemind.access.people import ASSIGNABLE
from onemind.appdb import Person
from onemind.errors import OneMindError
from onemind.ui import hand, plain

ROLES = {
    "viewer": "viewer: can view and download",
    "staff": "staff: can also publish and share",
    "admin": "admin: can also manage people and see activity",
}
ALONE = (
    "Nobody is here yet, so this dashboard answers this computer only, and whoever sits at it is "
    "its admin. **The first person you add is an admin, and from then on everybody has to sign "
    "in**, you too: keep the password that is shown."
)


def listed(people: list[Person]) -> None:
    """List everybody who may sign in."""
    if not people:
        st.info(ALONE)
        return
    table = pd.DataFrame(
        {
            "Email address": [person.email for person in people],
            "Role": [person.role for person in people],
            "Signs in with": ["password" if p.password else "provider" for p in people],
            "State": ["disabled" if person.disabled_at else "active" for person in people],
            "Last signed in": [_day(person.signed_in_at) for person in people],
            "Added by": [person.added_by for person in people],
        }
    )
    st.dataframe(table, hide_index=True, key="people", alt="Table of people")


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"


def new(people: list[Person]) -> None:
    """Ask for somebody new, and say their password once."""
    st.subheader("Add somebody", anchor=False)
    roles = ASSIGNABLE if people else ("admin",)
    with st.form("new_person", clear_on_submit=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            email = st.text_input("Email address", max_chars=200, width=320)
            role = st.selectbox("Role", roles, format_func=ROLES.__getitem__, width=280)
        by_password = st.checkbox(
            "Give a password (otherwise they sign in with a provider)", value=True
        )
        pressed = st.form_submit_button("Add", type="primary")
    if pressed:
        password = random_password() if by_password else None
        if _done(access.people.add, email, role, password=password):
            _hand_over(f"{email.strip().lower()} was added as {role}.", password)


def changed(people: list[Person]) -> None:
    """Change one of them: role, password, whether they may come in.

    The choice of a role belongs to the role they have: one that lies open here while somebody else
    gives them another would take that back.
    """
    if not people:
        return
    st.subheader("Change somebody", anchor=False)
    by_email = {person.email: person for person in people}
    with st.container(horizontal=True, vertical_alignment="bottom", key="changed_person"):
        email = st.selectbox("Who", list(by_email), key="person", width=320)
        person = by_email[email]
        role = st.selectbox(
            "Role now", ASSIGNABLE, ASSIGNABLE.index(person.role), format_func=ROLES.__getitem__,
            key=f"role_{person.id}_{person.role}", width=280,
        )  # fmt: skip
    if role != person.role and _done(access.people.set_role, email, role):
        st.rerun()
    with st.container(horizontal=True, key="person_buttons"):
        _buttons(person)


def _buttons(person: Person) -> None:
    if person.disabled_at is None:
        if st.button("Disable") and _done(access.people.disable, person.email):
            st.rerun()
    elif st.button("Enable") and _done(access.people.enable, person.email):
        st.rerun()
    if st.button("New password"):
        password = random_password()
        if _done(access.people.reset, person.email, password):
            _hand_over(f"{person.email} was signed out everywhere.", password)
    with st.popover("Remove"):
        st.markdown(
            f"Remove **{plain(person.email)}**? Their past actions stay in the activity log."
        )
        if st.button("Remove permanently", type="primary") and _done(
            access.people.remove, person.email
        ):
            st.rerun()


def _done(change: Any, *values: Any, **named: Any) -> bool:
    """Make a change as whoever is here; says why not when it can't be made."""
    require(ui.visitor.user(), ADMINISTER)
    try:
        change(runtime.appdb(), *values, hand(), datetime.now(UTC), **named)
    except OneMindError as error:
        st.error(plain(str(error)))
        return False
    return True


def _hand_over(says: str, password: str | None) -> None:
    if password is None:
        st.success(f"{says} They sign in with a provider.")
        return
    st.success(f"{says} This password is shown only once. They can change it under Your account:")
    st.code(password, language=None)
