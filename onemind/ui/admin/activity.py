"""The activity log, shown to admins with filters and as CSV."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from onemind import backup, metrics, runtime
from onemind.appdb import Event, words
from onemind.ui import noted, plain

MOST = 5_000


ACTIONS = (
    *("publish", "restore", "export", "sign-in", "sign-in failed", "sign-out", "refusal"),
    *("link made", "link revoked", "person added", "person removed", "person disabled"),
    *("person enabled", "role changed", "password reset", "backup", "backup failed"),
)


EVERYBODY = "Everybody"


def backups() -> None:
    """Say when the last good backup was made, or what to do where there is none."""
    standing = backup.standing(runtime.store().settings, runtime.appdb(), datetime.now(UTC))
    (st.warning if standing.is_bad else st.caption)(plain(standing.says))


def asked() -> list[Event]:
    """Ask which events to show, and return them, newest first."""
    log = runtime.appdb().activity
    with st.container(horizontal=True, vertical_alignment="bottom", key="activity_filter"):
        actions = st.multiselect("What", _actions(), key="what", width=320)
        people = [EVERYBODY, *log.actors()]
        who = st.selectbox("Who", people, key="who", width=260)
        first = (datetime.now(UTC) - timedelta(days=30)).date()
        since = st.date_input("Since", first, key="since", width=160)
    return log.events(
        tuple(actions),
        None if who == EVERYBODY else who,
        datetime.combine(since, time(), UTC),
        MOST,
    )


def _actions() -> list[str]:
    return list(dict.fromkeys((*ACTIONS, *runtime.appdb().activity.actions())))


def listed(events: list[Event]) -> None:
    """Show events in a table, and offer them as CSV."""
    if not events:
        st.info("No such events since that date.")
        return
    table = frame(events)
    many = "1 event" if len(events) == 1 else f"{len(events):,} events, newest first"
    st.caption(
        f"{many}. No one can change or delete them."
        if len(events) < MOST
        else f"The newest {MOST:,} events; narrow the filter to see older ones."
    )
    height: Any = 560 if len(events) > 14 else "auto"
    st.dataframe(table, hide_index=True, height=height, key="activity", alt="Table of activity")
    rows = table.to_numpy().tolist()
    st.download_button(
        "Download as CSV",
        noted("activity.csv", lambda: metrics.export.to_csv(list(table.columns), rows).encode()),
        file_name="activity.csv",
        mime="text/csv",
        on_click="ignore",
    )


def frame(events: list[Event]) -> pd.DataFrame:
    """Return events as a table of texts."""
    return pd.DataFrame(
        {
            "When": [f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}" for event in events],
            "Who": [event.actor for event in events],
            "What": [event.action for event in events],
            "Of what": [event.subject for event in events],
            "From where": [event.ip for event in events],
            "Details": [words(event.details) for event in events],
        }
    )
