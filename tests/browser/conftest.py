"""One Chromium for all tests of this folder, and for each test nothing that another one opened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.serving import browsing


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Lend a Chromium until the last test here: while it lives, `asyncio.run` is impossible."""
    with browsing() as found:
        yield found


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Lend the Chromium and close what was opened in it: an open page keeps its server at work."""
    yield chromium
    for context in chromium.contexts:
        context.close()
