"""The methodology says everything that is declared; a report of an error says what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from onemind import __version__, runtime, settings, ui
from onemind.access import User
from onemind.campaign import STAGES, STATUSES, Filter, load_rules
from onemind.errors import WrongUse
from onemind.metrics import MetricName, metrics
from onemind.settings import Settings
from onemind.store import Store, Version
from onemind.ui.base import visitor
from onemind.ui.explore import contact, methodology
from tests.architecture.english import faults

VERSION = Version(7, 8, datetime(2026, 5, 1, 12, tzinfo=UTC), "Ann", "May reports")
VIEW = ui.View(
    Filter(as_of=date(2019, 6, 11), version=7, county=("Essex", "Dukes")), VERSION, VERSION
)


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "user", lambda: User("pat", "viewer"))


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """A store whose address and contact are set."""
    made = Store(
        Settings(store=tmp_path, contact="data@example.org", url="https://one.example.org")
    )
    monkeypatch.setattr(runtime, "store", lambda: made)
    yield made
    made.close()


def test_every_metric_is_said_with_its_source_and_listed_in_the_contents() -> None:
    contents = methodology.contents()
    for name, item in metrics().items():
        said = methodology.number(item)
        assert item.description in said
        assert f"`python -m onemind query {name}`" in said
        assert f"(#{name})" in contents
    assert "outcomes" in methodology.number(metrics()[MetricName.ARREST_SHARE])


def test_the_release_is_in_the_introduction_and_in_the_citation(at_home) -> None:
    assert f"release {__version__}." in methodology.introduction(VIEW)
    assert f"dashboard {__version__}, data version 7" in methodology.citation(VIEW)


def test_no_anchor_is_given_twice() -> None:
    assert not set(methodology.CONTENTS) & set(metrics())


def test_every_rule_setting_stage_and_status_is_said() -> None:
    rules = load_rules()
    practices, stages = methodology.practices(rules), methodology.stages(rules)
    assert all(item.title in practices for item in rules.practices)
    assert all(word in practices for word in STATUSES.values())
    assert all(word in stages for word in STAGES.values())
    assert {row["Setting"] for row in methodology.spans(rules)} == set(rules.spans)
    assert all(row["What it is"] for row in methodology.spans(rules))
    assert {row["This date is"] for row in methodology.editions(rules)} == {
        "stated", "inferred",
    }  # fmt: skip
    assert len(methodology.courses(rules)) == len(rules.courses)


def test_the_rule_of_small_counts_is_said_in_words() -> None:
    said = methodology.small_counts()
    assert "counts of people under 5 are staff only" in said
    assert "resolved on scene, transported, voluntary" in said


def test_a_citation_has_version_date_and_an_address_that_shows_the_same(at_home) -> None:
    said = methodology.citation(VIEW)
    assert "version 7 (published May 1, 2026), as of June 11, 2019, county Essex or Dukes." in said
    address = urlsplit(next(word for word in said.split() if word.startswith("https://")))
    same = Filter.from_address(parse_qs(address.query) | {"version": "7", "as_of": "2019-06-11"})
    assert (same.county, same.version) == (("Essex", "Dukes"), 7)
    assert parse_qs(address.query) == {
        "county": ["Essex", "Dukes"], "as_of": ["2019-06-11"], "version": ["7"],
    }  # fmt: skip


def test_a_report_of_an_error_names_the_department_the_number_and_the_view(at_home) -> None:
    row = {"name": "Lee & Lenox Police", "department_id": "MA001"}
    subject, body = contact.letter(VIEW, row, MetricName.MHFA_SHARE)
    link = urlsplit(contact.mail("data@example.org", subject, body))
    assert (link.scheme, link.path) == ("mailto", "data@example.org")
    filled = {name: found[0] for name, found in parse_qs(link.query).items()}
    assert filled["subject"] == "Possible error: Lee & Lenox Police (MA001), MHFA, share of sworn"
    assert "As of: June 11, 2019, version 7" in filled["body"]
    assert "What it should be:" in filled["body"]
    assert [fault for text in (subject, body) for fault in faults(text)] == []


def test_a_report_about_the_whole_view_names_no_department(at_home) -> None:
    subject, body = contact.letter(VIEW, None, None)
    assert subject == "Possible error: One Mind Campaign dashboard"
    assert "Department:" not in body


def test_without_a_contact_it_says_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "user", lambda: User("pat", "partner"))
    assert contact.whom_to_ask(VIEW).startswith("Found an error? Tell the person who gave you")
    monkeypatch.setattr(visitor, "user", lambda: User("pat", "viewer"))
    assert "Tell Ann, who published version 7" in contact.whom_to_ask(VIEW)


@pytest.mark.parametrize(
    "text",
    ["nobody", "a@b", "a@example.org,b@example.org", "a@example.org?cc=b@c.org", "a b@c.org"],
)
def test_a_contact_that_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="ONEMIND_CONTACT"):
        settings.load({"ONEMIND_CONTACT": text})


def test_a_contact_is_read() -> None:
    assert settings.load({"ONEMIND_CONTACT": "data@example.org"}).contact == "data@example.org"
