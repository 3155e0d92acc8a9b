"""Text of people and files: as Markdown shows it, on every screen, it is what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from onemind import ingest
from onemind.settings import ROOT, Settings
from onemind.store import Store
from onemind.ui_text import plain
from tests.conftest import TODAY

MARK = "*a*[x](http://y)"
DEPARTMENTS = "department_id,name,type,municipality,county,state,sworn_officers\n" + "".join(
    f"D{place} {MARK},Name {MARK},municipal,Town {MARK},{county},MA,9\n"
    for place, county in enumerate(["Essex", *[f"County {MARK}"] * 3])
)
PLEDGES = "department_id,pledged_on\n" + "".join(
    f"D{place} {MARK},2017-09-20\n" for place in range(4)
)
PARTNERS = f"partner_id,name,kind,county,state\np1,Partner {MARK},hospital,Essex,MA\n"
PARTNERSHIPS = f"department_id,partner_id,kind,signed_on\nD0 {MARK},p1,referral,2019-01-01\n"
COUNTY = [f"County {MARK}"]
OPENED: list[tuple[str, dict[str, Any]]] = [
    ("explore/overview", {}),
    ("explore/map", {}),
    ("explore/map", {"county": COUNTY}),
    ("explore/departments", {"search": MARK}),
    ("explore/department", {"id": f"D0 {MARK}"}),
    ("explore/partners", {"partner": "p1"}),
    ("publish/versions", {}),
]
NO_MARKDOWN = ("text", "html", "arrow_data_frame", "plotly_chart", "code", "selectbox")
WORDS = ("body", "label", "help", "content", "text", "message")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with Markdown in every name, of an author who is called so."""
    folder = tmp_path_factory.mktemp("marked")
    store = Store(Settings(store=folder / "store"))
    texts = {"departments": DEPARTMENTS, "pledges": PLEDGES, "partners": PARTNERS}
    uploads = []
    for name, text in {**texts, "partnerships": PARTNERSHIPS}.items():
        (folder / f"{name}.csv").write_text(text)
        uploads.append(ingest.Upload(folder / f"{name}.csv", f"{name} {MARK}.csv"))
    ingest.publish(store, uploads, ingest.Options(today=TODAY), MARK, MARK)
    store.close()
    yield folder / "store"
    st.cache_resource.clear()


def opened(file: str, parameters: dict[str, Any]) -> AppTest:
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for turn in range(2):
        if turn and "overview" not in file:
            app.switch_page(f"pages/{file}.py")
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
    return app


def drawn(node: Any) -> Iterator[tuple[str, str]]:
    """Every text that the browser reads as Markdown, with the kind of its element."""
    proto, kind = getattr(node, "proto", None), getattr(node, "type", "")
    if isinstance(proto, Message) and kind not in NO_MARKDOWN:
        yield from ((kind, said) for said in texts(proto))
    for child in getattr(node, "children", {}).values():
        yield from drawn(child)


def texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        items = list(value) if hasattr(value, "__len__") and not isinstance(value, str) else [value]
        for item in items:
            if isinstance(item, Message):
                yield from texts(item)
            elif field.name in WORDS and isinstance(item, str):
                yield item


@pytest.mark.parametrize(("file", "parameters"), OPENED)
def test_no_text_of_a_person_or_a_file_is_read_as_markdown(
    marked: Path, monkeypatch: pytest.MonkeyPatch, file: str, parameters: dict[str, Any]
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(marked))
    app = opened(file, parameters)
    assert not app.exception
    said = list(drawn(app._tree))
    assert any(plain(MARK) in text for _, text in said)
    assert [(kind, text) for kind, text in said if MARK in text] == []


@pytest.mark.parametrize(
    "text", ["http://y.example/x", "HTTPS://y.example", "www.y.example", ":material/home:"]
)
def test_what_would_become_a_link_or_an_icon_is_kept_apart_by_a_sign_that_is_not_seen(
    text: str,
) -> None:
    shown = plain(text)
    assert "\u2060" in shown
    assert shown.replace("\u2060", "").replace("\\", "") == text


def test_common_text_stays_as_it_is() -> None:
    text = "Ann O'Brien, 17 Main Street"
    assert plain(text) == text
    assert plain("County_of *all* & 17:57") == r"County\_of \*all\* \& 17\:57"
