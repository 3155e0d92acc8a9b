"""Pages on a store in trouble: what is in memory is shown, and staff are told what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from onemind import runtime
from onemind.access import User
from onemind.campaign import Scope
from onemind.ui.base import visitor
from onemind.ui.shell import live
from tests.conftest import campaigning
from tests.support.screens import OVERVIEW, pressed, screen, words
from tests.support.troubles import data_files, filled, small_disk
from tests.ui.test_pages import LEE

PAGES = {
    OVERVIEW: {},
    "pages/explore/map.py": {},
    "pages/explore/department.py": {"id": "MA0050100"},
    "pages/publish/upload.py": {},
}
BANNER = "Nothing can be published: the disk of the store is full. Since "
CATALOG = "The store can't be read: its catalog is missing. Since "
LATER = "This can't be shown now. Try again later, or tell whoever runs this dashboard."


@pytest.fixture
def disk(tmp_path: Path, look_at: Callable[[Path], None]) -> Iterator[Path]:
    """The sample on a small disk, looked at by the script, and held in memory."""
    with small_disk(tmp_path / "disk", 64) as found:
        with campaigning(found) as campaign:
            campaign.publish_sample()
        look_at(found / "store")
        live.warm()
        live.hold()
        yield found
        runtime.store().close()
        runtime.forget()


def opened(file: str) -> AppTest:
    app = screen(file, **PAGES[file])
    assert not app.exception, [item.value for item in app.exception]
    return app


def as_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    partner = User("NAMI", "partner", Scope())
    monkeypatch.setattr(visitor, "user", lambda: partner)


def test_pages_on_a_full_disk_show_the_last_version_and_a_banner_for_staff(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(disk):
        for file in PAGES:
            app = opened(file)
            assert not app.error
            assert BANNER in words(app)
        assert "version 1, published" in words(opened(OVERVIEW))
        as_viewer(monkeypatch)
        app = opened(OVERVIEW)
        assert "version 1, published" in words(app)
        assert "Nothing can be published" not in words(app)
    monkeypatch.undo()


def test_a_publish_on_a_full_disk_keeps_the_upload_and_goes_through_later(disk: Path) -> None:
    app = opened("pages/publish/upload.py")
    app.file_uploader[0].upload("departments.csv", LEE).run()
    app.text_input[0].set_value("First upload")
    with filled(disk):
        pressed(app, "Publish")
        assert not app.exception
        said = words(app)
        assert "Nothing was changed: the disk of the store is full." in said
        assert "departments.csv" in said
        assert len(runtime.store().versions()) == 1
    app.run()
    app.text_input[0].set_value("First upload")
    pressed(app, "Publish")
    assert app.success[0].value == "Published version 2."


def test_an_upload_on_a_full_disk_says_that_it_is_full(disk: Path) -> None:
    app = opened("pages/publish/upload.py")
    with filled(disk):
        app.file_uploader[0].upload("departments.csv", LEE).run()
        assert not app.exception
        assert "Nothing was changed: the disk of the store is full." in words(app)


def test_pages_show_what_is_in_memory_when_all_data_files_are_gone(disk: Path) -> None:
    for path in data_files(disk / "store"):
        path.unlink()
    for file in PAGES:
        app = opened(file)
        assert not app.error, [item.value for item in app.error]
        assert "version 1, published" in words(app) or file.endswith("upload.py")


def test_pages_show_what_is_in_memory_when_the_catalog_is_gone(disk: Path) -> None:
    for path in (disk / "store").glob("catalog.sqlite*"):
        path.unlink()
    for file in PAGES:
        app = opened(file)
        assert not app.error, [item.value for item in app.error]
        assert CATALOG in words(app)


def test_what_is_not_in_memory_is_named_to_staff_and_not_to_readers(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.store().close()
    runtime.forget()
    for path in data_files(disk / "store", "departments"):
        path.unlink()
    said = "The data of version 1 can't be read: the file departments/"
    assert said in words(opened(OVERVIEW))
    as_viewer(monkeypatch)
    app = opened(OVERVIEW)
    assert LATER in words(app)
    assert said not in words(app)
    monkeypatch.undo()
