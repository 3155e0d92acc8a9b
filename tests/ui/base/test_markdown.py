"""Text of people and files: as Markdown shows it, on every screen, it is what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from google.protobuf.message import Message

from onemind import ingest, publishing
from onemind.drawing.charts import completion, training
from onemind.ui import label, plain
from tests.conftest import Campaign, campaigning
from tests.support.screens import screen

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
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A campaign with Markdown in every name, of an author who is called so."""
    texts = {"departments": DEPARTMENTS, "pledges": PLEDGES, "partners": PARTNERS}
    with campaigning(tmp_path_factory.mktemp("marked")) as found:
        uploads = []
        for name, text in {**texts, "partnerships": PARTNERSHIPS}.items():
            (found.folder / f"{name}.csv").write_text(text)
            uploads.append(ingest.Upload(found.folder / f"{name}.csv", f"{name} {MARK}.csv"))
        publishing.publish(found.store, uploads, found.options(), MARK, MARK)
        yield found


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
    marked: Campaign, look_at: Callable[[Path], None], file: str, parameters: dict[str, Any]
) -> None:
    look_at(marked.folder / "store")
    app = screen(f"pages/{file}.py", **parameters)
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


def test_a_drawing_shows_a_name_as_it_is_written_and_makes_no_link_of_it() -> None:
    name = '<a href="http://y">O\'Brien</a>'
    assert completion.short(name, 40) == '&lt;a href="http://y"&gt;O\'Brien&lt;/a&gt;'
    rows = pd.DataFrame({"name": [name], "month": ["2026-01"], "mhfa_share": [0.5]})
    figure = training.small_lines(rows.assign(cit_share=0.2), "name", [name])
    assert "<a" not in figure.to_json()


def test_a_month_that_stands_alone_is_drawn_as_wide_as_any() -> None:
    frame = pd.DataFrame({"month": [date(2027, 1, 1)], "officers": [5], "departments": [1]})
    [bar] = training.expiries(frame, date(2026, 11, 24), 90).data
    assert bar.width == 24 * 24 * 60 * 60 * 1000


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("well-being (2).xlsx, sheet Reports", "well-being (2).xlsx, sheet Reports"),
        ("*a*[x](y):red[z]", r"\*a\*\[x\](y)\:red\[z\]"),
        ("# a\n- b", r"\# a - b"),
        ("1. a", "\u20601. a"),
    ],
)
def test_the_label_of_a_widget_has_no_mark_that_need_not_be_read_aloud(name: str, said: str):
    assert label(name) == said
