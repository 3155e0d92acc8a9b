"""Long work on the upload page: it runs beside the script, says how far it is, can be cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from onemind import publishing, runtime, ui
from onemind.access import User
from onemind.errors import NotPossibleNow, VersionMoved
from onemind.ui import plain
from onemind.ui.base import jobs, visitor
from onemind.ui.publish import staged
from tests.conftest import Campaign
from tests.support.screens import labels, pressed, screen

LEE = b"department_id,name,type,state\nD1,Lee,municipal,MA\n"


@pytest.fixture
def upload_page(tmp_path: Path, look_at: Callable[[Path], None]) -> Callable[[], AppTest]:
    look_at(tmp_path / "store")
    return lambda: screen("pages/publish/upload.py")


def until(app: AppTest, there: Callable[[AppTest], object]) -> AppTest:
    for _ in range(200):
        if there(app):
            return app
        time.sleep(0.05)
        app.run()
    raise AssertionError("it never came")


def test_work_on_a_large_file_runs_beside_the_page_and_can_be_published(
    upload_page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    app = upload_page()
    app.file_uploader[0].upload("departments.csv", LEE).run()
    until(app, lambda app: "Publish" in labels(app))
    pressed(app, "Publish")
    until(app, lambda app: app.success)
    assert app.success[0].value == "Published version 1."


def test_cancelled_work_changes_nothing_and_says_so(
    upload_page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    monkeypatch.setattr(publishing, "draft", endless)
    app = upload_page()
    app.file_uploader[0].upload("departments.csv", LEE).run()
    until(app, lambda app: "Cancel" in labels(app))
    pressed(app, "Cancel")
    until(app, lambda app: app.error)
    assert app.error[0].value == plain("Canceled. Nothing was changed.")
    assert runtime.store().current() is None


def test_what_is_cancelled_between_two_steps_goes_no_further(empty: Campaign) -> None:
    job = ui.jobs.Job("publish", 1)

    def cancelled_at_last(label: str) -> None:
        if label == "Publishing":
            job.cancel()
        job.say(label)

    with pytest.raises(NotPossibleNow, match="Nothing was changed"):
        empty.publish(departments=LEE, say=cancelled_at_last)
    assert empty.store.current() is None


class endless:  # noqa: N801
    """A draft whose query would run for hours."""

    def __init__(self, store: object, files: object, options: publishing.Options) -> None:
        self.options = options

    def __enter__(self) -> None:
        with runtime.store().cursor() as con:
            self.options.lend(con)
            con.execute(
                "select count(*) from range(1e9::bigint) a, range(1e9::bigint) b"
            ).fetchone()

    def __exit__(self, *error: object) -> None:
        raise AssertionError("it was not interrupted")


def test_an_upload_survives_a_restart_of_the_server(upload_page: Callable[[], AppTest]) -> None:
    app = upload_page()
    app.file_uploader[0].upload("departments.csv", LEE).run()
    st.cache_resource.clear()
    again = upload_page()
    assert any("departments.csv" in item.value.replace("\\", "") for item in again.markdown)
    assert "Publish" in labels(again)
    pressed(again, "Discard this upload")
    assert staged.current() is None


def test_who_published_meanwhile_is_shown_with_the_new_difference(
    upload_page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(*_: object) -> None:
        raise VersionMoved(7)

    app = upload_page()
    app.file_uploader[0].upload("departments.csv", LEE).run()
    monkeypatch.setattr(publishing, "publish_against", moved)
    pressed(app, "Publish")
    assert "Someone published version 7 in the meantime" in app.warning[0].value
    assert "Publish" in labels(app)


def test_the_same_file_may_come_from_two_tabs_at_once(
    tmp_path: Path, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(tmp_path / "store")
    monkeypatch.setattr(visitor, "user", lambda: User("pat@example.org", "staff"))
    content = LEE * 100_000
    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(lambda _: staged.add([("departments.csv", content)]), range(8)))
    upload = staged.current()
    assert upload
    [kept] = staged.uploads(upload)
    assert kept.path.read_bytes() == content
    assert list(kept.path.parent.iterdir()) == [kept.path]
