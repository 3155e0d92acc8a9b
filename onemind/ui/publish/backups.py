"""Backups that failed, told to staff."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from onemind import backup, runtime
from onemind.ui import plain


def failing() -> None:
    """Say that the last backup failed and why, or that one is overdue."""
    standing = backup.standing(runtime.store().settings, runtime.appdb(), datetime.now(UTC))
    if standing.is_bad:
        st.warning(plain(standing.says))
