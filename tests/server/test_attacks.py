"""Attacks that must fail, against a real server: paths, payloads in every text, uploads too large.

Forged cookies and headers, foreign websockets and open redirects are in guard/test_guard.py and
entrances/test_signin.py.
"""

from __future__ import annotations

import csv
import http.client
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import FilePayload, expect

from onemind import access, ingest, metrics, publishing
from onemind.access.people import Actor
from onemind.access.sessions import begin
from onemind.appdb import AppDatabase
from onemind.campaign import Filter, Scope, contracts
from onemind.errors import NothingChanged, OneMindError, WrongUse
from onemind.metrics import MetricName
from tests.conftest import TODAY, Campaign, campaigning
from tests.support.serving import Watched, browsing, serving

XSS = '<img src=x onerror="window.xss=1">[x](javascript:window.xss=1)'
SQL = "x'); drop table departments; --"
FREE = {"name", "municipality", "county", "source", "exempt_reason", "provider"}
TRAVERSALS = (
    *("/media/../../../etc/passwd", "/media/..%2f..%2f..%2fetc%2fpasswd", "/media/%2e%2e/%2e%2e/x"),
    *("/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fREADME.md", "/static/%2e%2e%2fx"),
    *("/static/..\\..\\..\\etc\\passwd", "/static//etc/passwd", "/static/%00", "/static/C:/x"),
    *("/component/../../state.sqlite", "/component/x/..%2f..%2fstate.sqlite"),
    *("/_stcore/bidi-components/x/..%2f..%2f..%2fpyproject.toml", "/api/boundaries/..%2f..%2fx"),
    *("/api/boundaries/state/..%2f..%2f..%2fREADME.md.geojson", "/share/..%2f..%2fREADME.md"),
    *("/..%2f..%2fetc%2fpasswd", "/data/store/state.sqlite", "/.streamlit/secrets.toml"),
)
SECRETS = (b"root:x:", b"SQLite format", b"One Mind Campaign dashboard\n", b"[tool.ruff]")


def texts(payload: str) -> dict[str, str]:
    """One row of every dataset, with the payload in every text that may hold it."""
    found = {}
    for name, parsed in contracts().items():
        row = {
            field.name: payload
            for field in parsed.fields
            if field.type == "string" and field.name in FREE
        }
        fixed = {
            "department_id": "D1", "type": "municipal", "state": "MA", "sworn_officers": "9",
            "pledged_on": "2017-09-20", "officer_id": "A-1", "sworn": "yes", "course": "MHFA",
            "completed_on": "2026-01-01", "as_of": "2026-01-01", "mhfa_trained": "1",
            "cit_trained": "1", "partner_id": "P1", "kind": "court", "signed_on": "2018-01-01",
            "period_start": "2026-01-01", "period_end": "2026-01-31", "mh_calls": "9",
            "responses": "9", "rated_beneficial": "8", "country": "US",
        }  # fmt: skip
        known = {field.name for field in parsed.fields}
        row |= {column: value for column, value in fixed.items() if column in known}
        if name == "partnerships":
            row["kind"] = "training"
        out = io.StringIO()
        writer = csv.DictWriter(out, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
        found[name] = out.getvalue()
    return found


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server whose every text is a payload, and an admin's cookie."""
    folder = tmp_path_factory.mktemp("attacked")
    with campaigning(folder) as made:
        made.publish(message=XSS, **texts(XSS))
    with closing(AppDatabase(folder / "store")) as appdb:
        now = datetime.now(UTC)
        person = access.people.add(appdb, "ann@example.org", "admin", Actor(XSS), now)
        appdb.activity.add(now, XSS, "publish", XSS, XSS, {"why": XSS})
        token = begin(appdb, person, now, XSS, XSS)
    with serving(folder / "store", "--server.maxUploadSize=1") as base:
        yield base, token


def raw(base: str, token: str, method: str, path: str, body: bytes = b"", **headers: str):
    """Ask for a path exactly as it is written, which clients tidy up."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    given = {"Host": parts.netloc, "Cookie": f"onemind_session={token}", **headers}
    for name, value in {**given, "Content-Length": str(len(body))}.items():
        connection.putheader(name, value)
    connection.endheaders(body or None)
    with closing(connection), connection.getresponse() as answer:
        return answer.status, answer.read()


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out_of_what_is_served(attacked: tuple[str, str], path: str) -> None:
    status, body = raw(*attacked, "GET", path)
    shell = b'<div id="root"></div>' in body  # Streamlit's empty page, which holds nothing
    assert status >= 400 or shell, (status, body[:200])
    assert not any(secret in body for secret in SECRETS)


PUT = """async ([address, token, size]) => {
    const form = new FormData()
    form.append("file", new Blob([new Uint8Array(size)]), "departments.csv")
    const headers = { "X-Xsrftoken": token }
    return (await fetch(address, { method: "PUT", body: form, headers })).status
}"""


@pytest.mark.browser
def test_an_upload_over_the_limit_is_refused_by_the_server(attacked: tuple[str, str]) -> None:
    """The page looks at the size too, but whoever attacks does not use the page."""
    base, token = attacked
    with browsing() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "onemind_session", "value": token, "url": base}])
        seen = Watched(context.new_page(), base)
        seen.open("/upload")
        file = FilePayload(
            name="departments.csv", mimeType="text/csv", buffer=b"department_id\nD1\n"
        )
        with seen.page.expect_request("**/_stcore/upload_file/**") as sent:
            seen.page.locator("input[type=file]").set_input_files([file])
        known = sent.value.headers.get("x-xsrftoken", "")
        asked = [sent.value.url, known]
        assert seen.page.evaluate(PUT, [*asked, 1_000]) in (200, 204)
        assert seen.page.evaluate(PUT, [*asked, 3 * 1024 * 1024]) == 413


@pytest.mark.browser
def test_no_text_of_anybody_runs_as_a_script_on_any_page(attacked: tuple[str, str]) -> None:
    base, token = attacked
    from onemind.access import PAGES
    from onemind.server.guard.rules import address_of

    with browsing() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "onemind_session", "value": token, "url": base}])
        seen = Watched(context.new_page(), base)
        seen.page.on("dialog", lambda dialog: seen.faults.append(dialog.message))
        titles = [title for pages in PAGES.values() for _, title, _ in pages]
        for title in titles:
            query = "?id=D1" if title == "Department" else f"?county={quote(XSS)}"
            seen.open(address_of(title) + query)
            expect(seen.page.get_by_test_id("stException")).to_have_count(0)
            assert seen.page.evaluate("window.xss") is None, title
            assert seen.page.locator("img[src=x], script:text('xss')").count() == 0, title
            assert seen.page.locator("a[href^=javascript]").count() == 0, title
        assert seen.faults == []


def test_sql_in_every_text_is_a_text(empty: Campaign) -> None:
    empty.publish(**texts(SQL))
    assert empty.value("pledged") == 1
    for name in contracts():
        found = metrics.export.dataset(empty.store, name)
        assert len(found.rows) == 1
        for column, value in zip(found.columns, found.rows[0], strict=True):
            if column in FREE:
                assert value == SQL, (name, column)
        with pytest.raises(NothingChanged):
            empty.publish(**{name: metrics.export.to_csv(found.columns, found.rows)})


def test_sql_in_a_filter_is_a_value_that_matches_nothing(empty: Campaign) -> None:
    empty.publish(**texts("Lee"))
    for dimension in ("state", "county", "type", "stage"):
        at: dict[str, Any] = {dimension: (SQL,)}
        assert not empty.value("pledged", **at), dimension
        found = Filter(as_of=TODAY, **at)
        assert metrics.progress(empty.store, found, TODAY).rows == ()
    assert Scope.from_text(f"county={SQL.replace(';', '')}").county == (SQL.replace(";", ""),)
    with pytest.raises(WrongUse):
        Scope.from_text(f"{SQL}=x")
    assert empty.value("pledged") == 1


@pytest.mark.parametrize("name", [SQL, "pledged; drop table departments", "progress", "", "1"])
def test_sql_in_a_metric_or_dimension_is_no_metric(empty: Campaign, name: str) -> None:
    empty.publish(**texts("Lee"))
    with pytest.raises(OneMindError):
        empty.value(name)
    asked = metrics.Query(MetricName.PLEDGED, (name,), Filter(as_of=TODAY))
    with pytest.raises(OneMindError):
        metrics.query(empty.store, asked, TODAY)
    with pytest.raises(OneMindError):
        metrics.export.dataset(empty.store, name)
    assert empty.value("pledged") == 1


def test_sql_and_control_characters_in_names_and_messages_stay_texts(empty: Campaign) -> None:
    path = empty.folder / "departments.csv"
    path.write_text("department_id,name,type,state\nD1,Lee,municipal,MA\n")
    upload = [ingest.Upload(path, f"{SQL}\n\x1b[2J.csv")]
    version, _ = publishing.publish(empty.store, upload, empty.options(), SQL, f"{SQL}\n\x00")
    assert version.author == SQL
    assert empty.store.versions()[-1].message.startswith(SQL)
