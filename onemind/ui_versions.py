"""The pieces of the versions page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from onemind import diff, store_publish, ui
from onemind.diff import Diff
from onemind.errors import OneMindError
from onemind.store import Version


def listed(versions: Sequence[Version]) -> None:
    """List versions: who, when, why and what changed."""
    table = pd.DataFrame(
        {
            "Version": [item.number for item in versions],
            "Published": [f"{item.published_at.astimezone():%Y-%m-%d %H:%M}" for item in versions],
            "By": [item.author for item in versions],
            "Message": [item.message for item in versions],
            "What changed": [_changed(item) for item in versions],
        }
    )
    st.dataframe(table, hide_index=True, alt="Table of versions", key="versions_table")


def _changed(version: Version) -> str:
    parts = (f"{name}: {diff.tally(counts)}" for name, counts in version.counts.items())
    return "; ".join(parts)


def compared(versions: Sequence[Version]) -> None:
    """Compare the newest version with an older one, look at it, or restore it."""
    newest = versions[0]
    number = st.selectbox(
        "Older version",
        [item.number for item in versions[1:]],
        format_func=lambda item: f"{item}: {_of(versions, item).message}",
    )
    st.page_link(
        "pages/explore/overview.py",
        label=f"Look at the dashboard as at version {number}",
        query_params={"version": str(number)},
    )
    diffs = store_publish.compare_versions(ui.store(), newest.number, number)
    st.markdown(f"Restoring version {number} would change, compared with today's version:")
    show(diffs)
    _offer_restore(number, bool(diffs))


def _of(versions: Sequence[Version], number: int) -> Version:
    return next(item for item in versions if item.number == number)


def show(diffs: Sequence[Diff]) -> None:
    """Draw the difference: one line a dataset, its first changes in a table."""
    if not diffs:
        st.markdown("Nothing differs.")
    for item in diffs:
        with st.expander(diff.sentence(item)):
            st.dataframe(changes(item), hide_index=True, alt=f"Changes in {item.dataset}")
            shown, total = len(item.changes), item.added + item.changed + item.removed
            if total > shown:
                st.caption(f"The first {shown:,} of {total:,} changes.")


def changes(item: Diff) -> pd.DataFrame:
    """Return the changes of a dataset for reading: the key, and old -> new of what differs."""
    rows = [
        {
            "What": change.kind,
            **change.key,
            "Before": _values(change.before),
            "After": _values(change.after),
        }
        for change in item.changes
    ]
    return pd.DataFrame(rows).astype(str)


def _values(values: dict[str, object]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items() if value is not None)


def _offer_restore(number: int, differs: bool) -> None:
    with st.form("restore"):
        message = st.text_input("Why", f"Restore version {number}", max_chars=500)
        pressed = st.form_submit_button(f"Restore version {number}", disabled=not differs)
    if pressed and message.strip():
        try:
            made = store_publish.restore(ui.store(), number, ui.user().name, message.strip())
        except OneMindError as error:
            st.error(str(error))
            return
        st.success(f"Published version {made.number}, equal to version {number}.")
