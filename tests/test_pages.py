"""Every page, run as Streamlit runs it: on an empty store, on the sample, and on bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from onemind import ingest, ui
from onemind.access import ROLES, User
from onemind.settings import ROOT, SAMPLE, Settings
from onemind.store import Store
from onemind.ui_main import PAGES
from tests.conftest import TODAY

FILES = [file for pages in PAGES.values() for file, _, _ in pages]
OF_DATA = [file for file in FILES if "/admin/" not in file]
EXPLORE = [file for file in FILES if "/explore/" in file]
OVERVIEW = "pages/explore/overview.py"
DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\n"
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    store = Store(Settings(store=folder))
    files = [ingest.Upload(path, path.name) for path in sorted(SAMPLE.glob("*.csv"))]
    ingest.publish(store, files, ingest.Options(today=TODAY), "tester", "sample")
    store.close()
    return folder


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page of the dashboard on a store (default: an empty one)."""

    def run(file: str, folder: Path = tmp_path / "store", **parameters: Any) -> AppTest:
        monkeypatch.setenv("ONEMIND_STORE", str(folder))
        st.cache_resource.clear()
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        for _ in range(2):  # a bound widget reads the address once, an unbound page each time
            for name, value in parameters.items():
                app.query_params[name] = value
            app.run()
        return app if file == OVERVIEW else app.switch_page(file).run()

    yield run
    st.cache_resource.clear()


def words(app: AppTest) -> str:
    """All text on the page, in one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.text)
    boxes = (app.info, app.warning, app.error, app.success)
    said = [str(item.value) for kind in (*kinds, *boxes) for item in kind]
    return "\n".join([*said, *(str(item.proto.body) for item in app.get("html"))])  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", OF_DATA)
def test_a_page_on_an_empty_store_says_what_to_do_first(page: Open, file: str) -> None:
    app = page(file)
    assert not app.exception
    assert "Nothing is published yet" in words(app)


@pytest.mark.parametrize("file", FILES)
def test_a_page_on_the_sample_shows_no_error_and_the_banner(
    page: Open, sample_store: Path, file: str
) -> None:
    app = page(file, sample_store)
    assert not app.exception
    assert not app.error
    assert "the figures are made up" in words(app)


@pytest.mark.parametrize("file", EXPLORE)
def test_every_screen_says_as_at_when_and_which_version(
    page: Open, sample_store: Path, file: str
) -> None:
    assert "version 1, published" in words(page(file, sample_store))


@pytest.mark.parametrize("file", FILES)
def test_a_page_is_refused_to_a_role_without_its_permission(
    page: Open, sample_store: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    permission = next(p for pages in PAGES.values() for f, _, p in pages if f == file)
    for role, allowed in ROLES.items():
        monkeypatch.setattr(ui, "user", lambda role=role: User("someone", role))
        if permission in allowed:
            assert not page(file, sample_store).error
        else:
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                page(file, sample_store)


def test_the_overview_counts_pledges_as_of_the_day_in_the_address(
    page: Open, sample_store: Path
) -> None:
    before = page(OVERVIEW, sample_store, as_of="2017-09-19")
    on_the_day = page(OVERVIEW, sample_store, as_of="2017-09-20")
    pledged = [
        next(int(m.value) for m in app.metric if m.label == "Pledged")
        for app in (before, on_the_day)
    ]
    assert pledged[1] - pledged[0] == 182
    assert "As at 20 September 2017" in words(on_the_day)


def test_a_filter_in_the_address_narrows_the_page(page: Open, sample_store: Path) -> None:
    app = page(OVERVIEW, sample_store, county=["Dukes"])
    assert "of 8 departments" in words(app)
    assert "county Dukes" in words(app)


def test_a_filter_that_leaves_nothing_says_so(page: Open, sample_store: Path) -> None:
    app = page(OVERVIEW, sample_store, county=["Nantucket"], type=["Campus"])
    assert "No department matches" in words(app)
    assert not app.exception


def test_a_department_has_its_own_address(page: Open, sample_store: Path) -> None:
    app = page("pages/explore/department.py", sample_store, id="MA0050100")
    assert app.header[0].value == "Amesbury Police Department"
    assert "20 September 2017" in words(app)


def test_an_unknown_department_says_so_and_offers_the_list(page: Open, sample_store: Path) -> None:
    app = page("pages/explore/department.py", sample_store, id="<script>")
    assert "There is no department '\\<script\\>'" in app.error[0].value
    assert len(app.selectbox[-1].options) == 393


def test_loading_the_sample_on_an_empty_store_publishes_it(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.button[0].click().run()
    assert app.success[0].value == "Published version 1."


def test_an_upload_is_checked_compared_and_published(page: Open) -> None:
    app = page("pages/publish/upload.py")
    content = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,10\n").encode()
    app.file_uploader[0].upload("departments.csv", content)
    app.run()
    assert "holds **departments**" in words(app)
    assert ui.store().current() is None
    app.text_input[0].set_value("First upload")
    next(button for button in app.button if button.label == "Publish").click().run()
    assert app.success[0].value == "Published version 1."
    version = ui.store().current()
    assert version is not None
    assert version.message == "First upload"


def test_after_a_publish_the_page_speaks_of_nothing_unpublished(page: Open) -> None:
    app = page("pages/publish/upload.py")
    content = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,10\n").encode()
    app.file_uploader[0].upload("departments.csv", content).run()
    next(button for button in app.button if button.label == "Publish").click().run()
    assert app.success[0].value == "Published version 1."
    assert "Nothing is published yet" not in words(app)
    assert not [button for button in app.button if button.label == "Publish"]


def test_a_file_that_is_no_table_is_told_once_beside_the_others(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.file_uploader[0].upload("report.csv", b"%PDF-1.7 \x00\xff").run()
    assert words(app).count("report.csv is a PDF") == 1
    assert not app.exception
    assert "1 error keeps this from being published" in app.error[-1].value


def test_a_broken_upload_names_the_row_and_changes_nothing(page: Open) -> None:
    app = page("pages/publish/upload.py")
    content = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,ten\n").encode()
    app.file_uploader[0].upload("departments.csv", content)
    app.run()
    assert "Row 2, 'sworn_officers' has 'ten'" in words(app)
    assert "1 errors keep" in app.error[-1].value or "1 error keeps" in app.error[-1].value
    assert not [button for button in app.button if button.label == "Publish"]
    assert ui.store().current() is None


def test_an_upload_that_changes_nothing_says_so(page: Open) -> None:
    app = page("pages/publish/upload.py")
    content = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,10\n").encode()
    app.file_uploader[0].upload("departments.csv", content).run()
    next(button for button in app.button if button.label == "Publish").click().run()
    app.file_uploader[0].upload("departments.csv", content)
    app.run()
    assert "Nothing would change" in words(app)


def test_restoring_a_version_publishes_its_content_again(page: Open, tmp_path: Path) -> None:
    store = Store(Settings(store=tmp_path / "store"))
    for officers in (10, 12):
        path = tmp_path / "departments.csv"
        path.write_text(DEPARTMENTS + f"D1,Lee,municipal,Berkshire,MA,{officers}\n")
        upload = [ingest.Upload(path, path.name)]
        ingest.publish(store, upload, ingest.Options(today=TODAY), "tester", f"{officers}")
    store.close()
    app = page("pages/publish/versions.py")
    next(button for button in app.button if button.label == "Restore version 1").click().run()
    assert "Published version 3, equal to version 1" in words(app)
