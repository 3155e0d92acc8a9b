"""The seams' own tests have them on, whatever the setting says outside."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def all_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEMIND_STREAMLIT_SEAMS", raising=False)
