"""Letters by mail: confirmed by typing how many, then followed until each has arrived."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from onemind import runtime, ui
from onemind.access import CONTACTS, PUBLISH, require
from onemind.appdb.sending import FAILED, STATES, UNCLEAR, WAITING, Message
from onemind.documents import letters
from onemind.documents.letters import Letter
from onemind.errors import OneMindError
from onemind.ui import hand, plain
from onemind.words import counted


def mailing(view: ui.View, listed: tuple[Letter, ...]) -> None:
    """Offer to send the letters by mail, and show how those sent before stand."""
    st.subheader("Send by mail", anchor=False)
    standing = letters.standing(runtime.appdb(), listed)
    if standing:
        _stand(listed, standing)
    if runtime.store().settings.smtp is None:
        st.info(
            "No mail server is set. Whoever runs this dashboard can set ONEMIND_SMTP and "
            "ONEMIND_MAIL_FROM; until then, take the drafts from the zip."
        )
    elif view.version.sample:
        st.info("Letters of the sample campaign can't be mailed: its figures are made up.")
    else:
        _confirm(view, listed)


def _confirm(view: ui.View, listed: tuple[Letter, ...]) -> None:
    plan = letters.sending(runtime.appdb(), listed)
    if not plan.new:
        st.markdown("Each of these letters that has an address is in the outbox already.")
        return
    before = f" {counted(len(plan.known), 'letter')} of them went out before." * bool(plan.known)
    nowhere = f" {len(plan.nowhere):,} have no address." * bool(plan.nowhere)
    st.markdown(
        f"**{plan.phrase}** from {plain(runtime.store().settings.mail_from)}, each with its PDF."
        f"{before}{nowhere} They can't be called back."
    )
    with (
        st.form("send_letters", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        typed = st.text_input(f"To confirm, type: {plan.phrase}", width=280, autocomplete="off")
        pressed = st.form_submit_button("Send", type="primary", icon=":material/send:")
    if pressed:
        _send(view, listed, typed)


def _send(view: ui.View, listed: tuple[Letter, ...], typed: str) -> None:
    user, by = ui.visitor.user(), hand()
    require(user, PUBLISH)
    require(user, CONTACTS)
    store = runtime.store()
    try:
        letters.queue(
            runtime.appdb(), store.settings, listed, typed, (by.name, by.ip),
            view.version.published_at, datetime.now(UTC),
        )  # fmt: skip
    except OneMindError as error:
        st.error(plain(str(error)))
    else:
        st.rerun()


def _stand(listed: tuple[Letter, ...], standing: dict[str, Message]) -> None:
    """Say how the letters in the outbox stand, with what the mail server said."""
    counts = Counter(message.state for message in standing.values())
    words = ", ".join(f"{counts[state]:,} {state}" for state in STATES if counts[state])
    st.markdown(f"Of these letters: {words}.")
    if counts[WAITING]:
        with st.container(horizontal=True, vertical_alignment="center", key="letters_wait"):
            st.caption("The server sends them within a minute, and tries again if it has to.")
            st.button("Refresh", icon=":material/refresh:")
    if counts[UNCLEAR] or counts[FAILED]:
        st.warning(
            "Some did not arrive, or may not have. Ask these departments, or let whoever runs "
            "the dashboard send them again: python -m onemind mail again ID."
        )
    names = {item.department_id: item.name for item in listed}
    table = pd.DataFrame(
        [
            {"Department": names[name], "To": message.recipient, "State": message.state,
             "What the server said": message.outcome, "ID": message.id}
            for name, message in standing.items()
        ]
    )  # fmt: skip
    with st.expander("Each letter", expanded=bool(counts[UNCLEAR] or counts[FAILED])):
        st.dataframe(table, hide_index=True, key="letters_sent", alt="Table of letters sent")
