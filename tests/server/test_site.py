"""/site/ over HTTP: to whom, in which scope, once a version, by its validator, and how it ends."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onemind import access, publishing, runtime
from onemind.access.links import Terms
from onemind.access.sessions import begin
from onemind.campaign import Scope
from onemind.server.site import shelf as shelves
from onemind.settings import ROOT
from tests.conftest import Campaign
from tests.site.conftest import DEPARTMENTS, PLEDGES, TOTALS
from tests.support.guarded import Guarded, guarded

PAGE = {"Accept": "text/html"}
ESSEX = Scope(state=("MA",), county=("Essex",))


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    """Lend a server with a small campaign, people, links, and a view of Massachusetts for all."""
    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="state=MA") as found:
        publish(tmp_path, departments=DEPARTMENTS, pledges=PLEDGES, training_totals=TOTALS)
        yield found


def publish(folder: Path, **csvs: str) -> None:
    campaign = Campaign(runtime.store(), folder)
    publishing.publish(campaign.store, campaign.uploads(**csvs), campaign.options(), "t", "more")


def by_link(server: Guarded, **terms: Any) -> tuple[Any, str]:
    """Return a client that came by a new link, and the link's id."""
    now, store = datetime.now(UTC), runtime.store()
    made = Terms("NAMI", ESSEX, **terms)
    link, _ = access.links.make(server.appdb, store, made, access.shareable(), "pat", now)
    client = server.client()
    client.cookies.set("onemind_link", begin(server.appdb, link, now, "203.0.113.9", "test"))
    return client, link.id


def test_a_visitor_sees_the_site_of_the_public_view(hosted: Guarded) -> None:
    client = hosted.client()
    first = client.get("/site/", headers=PAGE)
    assert first.status_code == 200
    assert "2 of 3 departments have pledged" in first.text
    assert client.get("/site/departments/MA1.html").status_code == 200
    assert client.get("/site/departments/NH1.html").status_code == 404
    assert "Keene" not in client.get("/site/data/departments.js").text
    assert client.get("/site", headers=PAGE).headers["location"] == "/site/"


def test_a_viewer_sees_everything_as_a_partner_would(hosted: Guarded) -> None:
    viewer = hosted.client("viewer")
    assert "3 of 4 departments have pledged" in viewer.get("/site/").text
    assert "ann@example.org" not in viewer.get("/site/departments/MA1.html").text
    assert viewer.get("/site/departments/NH1.html").status_code == 200


def test_a_link_shows_its_own_scope_and_pages(hosted: Guarded) -> None:
    client, _ = by_link(hosted, downloads=True, pages=("Departments", "Department"))
    assert "Salem Police Department" in client.get("/site/").text
    assert client.get("/site/departments/MA3.html").status_code == 200
    for path in ("departments/MA1.html", "training.html", "map.html", "data/outlines.js"):
        assert client.get(f"/site/{path}").status_code == 404, path


def test_a_link_that_allows_no_downloads_gets_a_page_that_says_so(hosted: Guarded) -> None:
    client, _ = by_link(hosted, downloads=False)
    answer = client.get("/site/", headers=PAGE)
    assert answer.status_code == 403
    assert "This link does not allow downloads" in answer.text
    assert client.get("/site/departments/MA3.html").status_code == 403


def test_without_a_public_view_a_stranger_is_sent_to_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch) as server:
        assert server.client().get("/site/", headers=PAGE).headers["location"].startswith("/login")
        answer = server.client("viewer").get("/site/", headers=PAGE)
        assert answer.status_code == 503
        assert "Nothing is published yet" in answer.text


def test_a_revoked_link_ends_within_two_seconds(hosted: Guarded) -> None:
    client, link = by_link(hosted, downloads=True)
    assert client.get("/site/").status_code == 200
    access.links.revoke(hosted.appdb, link, "pat", datetime.now(UTC))
    time.sleep(1.1)
    assert client.get("/site/").status_code == 410


def test_one_visitor_is_never_sent_what_another_may_see(hosted: Guarded) -> None:
    viewer, visitor = hosted.client("viewer"), hosted.client()
    link, _ = by_link(hosted, downloads=True)
    for _ in range(3):
        assert "3 of 4 departments" in viewer.get("/site/").text
        assert "2 of 3 departments" in visitor.get("/site/").text
        assert "0 of 1 departments" in link.get("/site/").text
        assert visitor.get("/site/departments/NH1.html").status_code == 404
        assert link.get("/site/departments/MA1.html").status_code == 404


def test_a_file_is_sent_by_its_validator_compressed_or_not(hosted: Guarded) -> None:
    client = hosted.client()
    for _ in range(2):  # through the guard, and past it
        with client.stream("GET", "/site/", headers={"Accept-Encoding": "gzip"}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(raw)
        plain = client.get("/site/", headers={"Accept-Encoding": "identity"})
        assert plain.content == gzip.decompress(raw)
        assert "content-encoding" not in plain.headers
        etag = plain.headers["etag"]
        known = client.get("/site/", headers={"If-None-Match": etag})
        assert (known.status_code, known.content) == (304, b"")
        head = client.head("/site/", headers={"Accept-Encoding": "identity"})
        assert head.content == b""
        assert int(head.headers["content-length"]) == len(plain.content)


def test_scripts_run_from_files_alone_and_nothing_is_shared_between_visitors(
    hosted: Guarded,
) -> None:
    client = hosted.client()
    for _ in range(2):
        headers = client.get("/site/").headers
        policy = dict(part.strip().split(" ", 1)
                      for part in headers["content-security-policy"].split(";"))  # fmt: skip
        assert policy["script-src"] == "'self'"
        assert policy["default-src"] == "'none'"
        assert headers["cache-control"] == "private, no-cache"
        assert headers["x-content-type-options"] == "nosniff"
    (script,) = [path for path in _linked(client) if path.startswith("assets/site.")
                 and path.endswith(".js")]  # fmt: skip
    assert "immutable" in client.get(f"/site/{script}").headers["cache-control"]


def _linked(client: Any) -> list[str]:
    text = client.get("/site/").text
    return [part.split('"')[1] for part in text.split("src=")[1:] if part.startswith('"')]


def test_the_server_sends_the_files_that_the_command_writes(
    hosted: Guarded, tmp_path: Path
) -> None:
    """Streamlit, which only one of the two has loaded, changes what figures look like."""
    command = [sys.executable, "-m", "onemind", "site", "-o", str(tmp_path / "out"),
               "--scope", "state=MA"]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    client = hosted.client()
    for path in sorted((tmp_path / "out").rglob("*")):
        if path.suffix in (".html", ".js", ".css", ".png"):
            name = path.relative_to(tmp_path / "out").as_posix()
            assert client.get(f"/site/{name}").content == path.read_bytes(), name


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are rendered, in turn."""
    paths: list[str] = []
    render: Callable[..., Any] = vars(shelves)["rendered"]

    def noted(edition: Any, wanted: set[str]) -> Any:
        paths.extend(wanted)
        return render(edition, wanted)

    monkeypatch.setattr(shelves, "rendered", noted)
    return paths


def test_a_page_is_rendered_once_a_version_and_only_where_its_data_changed(
    hosted: Guarded, tmp_path: Path, rendering: list[str]
) -> None:
    client, asked = hosted.client(), ("", "departments/MA1.html", "departments/MA2.html")
    for _ in range(2):
        for path in asked:
            client.get(f"/site/{path}")
    assert sorted(rendering) == ["departments/MA1.html", "departments/MA2.html", "index.html"]
    rendering.clear()
    publish(tmp_path, training_totals=TOTALS.replace("MA2,2026-02-01,5", "MA2,2026-02-01,20"))
    assert "version 2, published" in client.get("/site/").text
    assert "20 of 20 (100%)" in client.get("/site/departments/MA2.html").text
    client.get("/site/departments/MA1.html")
    assert sorted(rendering) == ["departments/MA2.html", "index.html"]


def test_a_process_that_starts_takes_what_is_kept_on_disk(
    hosted: Guarded, rendering: list[str]
) -> None:
    hosted.client().get("/site/")
    kept = list((runtime.store().settings.store / "site").rglob("*.gz"))
    assert len(kept) == 1
    rendering.clear()
    from starlette.applications import Starlette

    from onemind import server

    again = Guarded(Starlette(middleware=server.middleware), hosted.appdb)
    assert "2 of 3 departments" in again.client().get("/site/").text
    assert rendering == []


def test_few_versions_are_kept_on_disk(hosted: Guarded, tmp_path: Path) -> None:
    client = hosted.client()
    for number in range(6):
        publish(
            tmp_path,
            training_totals=TOTALS.replace("MA2,2026-02-01,5", f"MA2,2026-02-01,{6 + number}"),
        )
        assert client.get("/site/").status_code == 200
    (scope,) = (runtime.store().settings.store / "site").iterdir()
    assert len(list(scope.iterdir())) == shelves.EDITIONS


def test_an_address_that_leaves_the_folder_is_not_there(hosted: Guarded) -> None:
    client = hosted.client()
    for path in ("%2e%2e/state.sqlite", "departments/..%2f..%2fx", "manifest.json", "index.html/"):
        assert client.get(f"/site/{path}").status_code == 404, path


def test_who_opened_a_site_is_in_the_activity_log(hosted: Guarded) -> None:
    hosted.client("viewer").get("/site/")
    events = hosted.appdb.activity.events(("site opened",))
    assert [event.actor for event in events] == ["viewer@example.org"]
