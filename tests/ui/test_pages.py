"""Every page, run as Streamlit runs it: on an empty store, on the sample, and on bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from onemind import runtime
from onemind.access import PAGES, User
from onemind.access.roles import ROLES
from onemind.ui.base import visitor
from tests.architecture.english import faults
from tests.conftest import TODAY, Campaign, campaigning
from tests.support.screens import OVERVIEW, labels, pressed, screen, texts, words

FILES = [file for pages in PAGES.values() for file, _, _ in pages]
OF_DATA = [file for file in FILES if "/admin/" not in file]
EXPLORE = [file for file in FILES if "/explore/" in file]
DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\n"
LEE = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,10\n").encode()
Open = Callable[..., AppTest]


@pytest.fixture
def page(tmp_path: Path, look_at: Callable[[Path], None]) -> Open:
    """Open a page of the dashboard on a store (default: an empty one)."""

    def run(file: str, campaign: Campaign | None = None, **parameters: Any) -> AppTest:
        look_at((campaign.folder if campaign else tmp_path) / "store")
        return screen(file, **parameters)

    return run


def spoiled(app: AppTest) -> list[str]:
    """What an American reader would stumble over on a page."""
    return [fault for text in texts(app) for fault in faults(text)]


@pytest.mark.parametrize("file", OF_DATA)
def test_a_page_on_an_empty_store_says_what_to_do_first(page: Open, file: str) -> None:
    app = page(file)
    assert not app.exception
    assert "Nothing is published yet" in words(app)
    assert spoiled(app) == []


@pytest.mark.parametrize("file", FILES)
def test_a_page_on_the_sample_shows_no_error_and_the_banner(
    page: Open, sample: Campaign, file: str
) -> None:
    app = page(file, sample)
    assert not app.exception
    assert not app.error
    assert "the numbers are made up" in words(app)
    assert spoiled(app) == []


@pytest.mark.parametrize("file", EXPLORE)
def test_every_screen_says_as_at_when_and_which_version(
    page: Open, sample: Campaign, file: str
) -> None:
    assert "version 1, published" in words(page(file, sample))


@pytest.mark.parametrize("file", FILES)
def test_a_page_is_refused_to_a_role_without_its_permission(
    page: Open, sample: Campaign, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    permission = next(p for pages in PAGES.values() for f, _, p in pages if f == file)
    for role, allowed in ROLES.items():
        monkeypatch.setattr(visitor, "user", lambda role=role: User("someone", role))
        if permission in allowed:
            app = page(file, sample)
            assert not app.error
            assert spoiled(app) == []
        else:
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                page(file, sample)


def test_the_overview_counts_pledges_as_of_the_day_in_the_address(
    page: Open, sample: Campaign
) -> None:
    before = page(OVERVIEW, sample, as_of="2017-09-19")
    on_the_day = page(OVERVIEW, sample, as_of="2017-09-20")
    pledged = [
        next(int(m.value) for m in app.metric if m.label == "Pledged")
        for app in (before, on_the_day)
    ]
    assert pledged[1] - pledged[0] == 182
    assert "As of September 20, 2017" in words(on_the_day)


def test_what_needs_attention_for_a_reason_is_listed_whole_behind_its_link(
    page: Open, sample: Campaign
) -> None:
    app = page(OVERVIEW, sample, as_of=f"{TODAY}")
    title = next(item.value for item in app.subheader if item.value.startswith("Silent"))
    linked = [item.proto.query_string for item in app.get("page_link")]
    assert f"as_of={TODAY}&reason=silent" in linked
    app = page("pages/explore/departments.py", sample, as_of=f"{TODAY}", reason="silent")
    table = app.dataframe[0].value
    assert title == f"Silent · {len(table)}"
    assert table["Why"].str.startswith(("no reports for", "pledged but never")).all()
    assert "Needs attention: silent" in words(app)


def test_a_filter_in_the_address_narrows_the_page(page: Open, sample: Campaign) -> None:
    app = page(OVERVIEW, sample, county=["Dukes"])
    assert "of 8 departments" in words(app)
    assert "county Dukes" in words(app)


def test_a_filter_that_leaves_nothing_says_so(page: Open, sample: Campaign) -> None:
    app = page(OVERVIEW, sample, county=["Nantucket"], type=["Campus"])
    assert "No department matches" in words(app)
    assert not app.exception


def test_a_department_has_its_own_address(page: Open, sample: Campaign) -> None:
    app = page("pages/explore/department.py", sample, id="MA0050100")
    assert app.header[0].value == "Amesbury Police Department"
    assert "September 20, 2017" in words(app)


def test_an_unknown_department_says_so_and_offers_the_list(page: Open, sample: Campaign) -> None:
    app = page("pages/explore/department.py", sample, id="<script>")
    assert "There is no department '\\<script\\>'" in app.error[0].value
    assert len(app.selectbox[-1].options) == 393


def test_loading_the_sample_on_an_empty_store_publishes_it(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.button[0].click().run()
    assert app.success[0].value == "Published version 1."


def test_an_upload_is_checked_compared_and_published(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.file_uploader[0].upload("departments.csv", LEE).run()
    assert "holds **departments**" in words(app)
    assert runtime.store().current() is None
    app.text_input[0].set_value("First upload")
    pressed(app, "Publish")
    assert app.success[0].value == "Published version 1."
    version = runtime.store().current()
    assert version is not None
    assert version.message == "First upload"


def test_after_a_publish_the_page_speaks_of_nothing_unpublished(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.file_uploader[0].upload("departments.csv", LEE).run()
    pressed(app, "Publish")
    assert app.success[0].value == "Published version 1."
    assert "Nothing is published yet" not in words(app)
    assert "Publish" not in labels(app)


def test_a_file_that_is_no_table_is_told_once_beside_the_others(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.file_uploader[0].upload("report.csv", b"%PDF-1.7 \x00\xff").run()
    assert words(app).count("report.csv is a PDF") == 1
    assert not app.exception
    assert "1 error is keeping this from being published" in app.error[-1].value


def test_a_broken_upload_names_the_row_and_changes_nothing(page: Open) -> None:
    app = page("pages/publish/upload.py")
    content = (DEPARTMENTS + "D1,Lee,municipal,Berkshire,MA,ten\n").encode()
    app.file_uploader[0].upload("departments.csv", content)
    app.run()
    assert "Row 2, 'sworn_officers' has 'ten'" in words(app)
    assert (
        "1 errors are keeping" in app.error[-1].value or "1 error is keeping" in app.error[-1].value
    )
    assert "Publish" not in labels(app)
    assert runtime.store().current() is None


def test_an_upload_that_changes_nothing_says_so(page: Open) -> None:
    app = page("pages/publish/upload.py")
    app.file_uploader[0].upload("departments.csv", LEE).run()
    pressed(app, "Publish")
    app.file_uploader[0].upload("departments.csv", LEE).run()
    assert "Nothing would change" in words(app)


def test_restoring_a_version_publishes_its_content_again(page: Open, tmp_path: Path) -> None:
    with campaigning(tmp_path) as made:
        for officers in (10, 12):
            made.publish(departments=DEPARTMENTS + f"D1,Lee,municipal,Berkshire,MA,{officers}\n")
    app = page("pages/publish/versions.py")
    pressed(app, "Restore version 1")
    assert "Published version 3, equal to version 1" in words(app)


def test_each_version_says_what_changed_in_every_kind_of_data(page: Open, sample: Campaign) -> None:
    said = words(page("pages/publish/versions.py", sample))
    for title in ("Departments: 393", "Training totals: 702", "Outcomes: 1,579", "Feedback: 802"):
        assert f"{title} added" in said
