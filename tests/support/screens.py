"""The dashboard's script run in the test's own process, at a page and an address, and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from onemind.settings import ROOT

# Else every installed package is asked for components of its own anew, each time an app is tested.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
OVERVIEW = "pages/explore/overview.py"


def dashboard() -> AppTest:
    """Return the dashboard before its first run."""
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)


def screen(file: str = OVERVIEW, **address: Any) -> AppTest:
    """Run a page as its address opens it: the first thing that anybody asks for.

    Raises ValueError where the menu of whoever asks does not have it.
    """
    app = dashboard()
    if file != OVERVIEW:  # whose address is that of the dashboard itself
        app.switch_page(file)
    for name, value in address.items():
        app.query_params[name] = value
    asked = app.run()._page_hash
    if file != OVERVIEW:
        assert app.switch_page(file)._page_hash == asked, "another page was opened"
    return app


WIDGETS = (
    "button", "button_group", "checkbox", "expander", "multiselect", "selectbox", "text_input",
    "toggle",
)  # fmt: skip


def words(app: AppTest) -> str:
    """All text on the page as it is shown, in one string: Markdown's escapes are not."""
    return "\n".join([*_values(app), *_html(app)]).replace("\\", "").replace("\u2060", "")


def texts(app: AppTest) -> Iterator[str]:
    """Each text on the page by itself: without HTML's tags and style sheets, with labels."""
    yield from _values(app)
    for body in _html(app):
        yield from re.split(r"<[^>]*>", re.sub(r"<style.*?</style>", "", body, flags=re.S))
    for kind in WIDGETS:
        yield from labels(app, kind)


def _values(app: AppTest) -> Iterator[str]:
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.text)
    boxes = (app.info, app.warning, app.error, app.success)
    return (str(item.value) for kind in (*kinds, *boxes) for item in kind)


def _html(app: AppTest) -> Iterator[str]:
    return (str(item.proto.body) for item in app.get("html"))


def labels(app: AppTest, kind: str = "button") -> list[str]:
    """The labels of all elements of a kind."""
    return [item.proto.label for item in app.get(kind)]


def pressed(app: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    return next(button for button in app.button if button.label == label).click().run()
