"""Files from addresses: allowed hosts only, never a private address, and the same checks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from onemind import settings
from onemind.appdb import AppDatabase
from onemind.errors import NotPossibleNow, WrongUse
from onemind.publishing import Allowance, due, fetch
from onemind.publishing.sources import is_public
from onemind.settings import load
from tests.conftest import TODAY, Campaign

TOWN = "department_id,name,type,state\nA,Avon,municipal,MA\n"
CSV = "department_id,officer_id,course,completed_on\nA,1,MHFA,2024-03-04\n"


class Portal(BaseHTTPRequestHandler):
    """A data portal: a file with an ETag, redirects, an error, and a file too large."""

    body: ClassVar[str] = CSV
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        Portal.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/gone":
            self.send_error(404)
        elif self.headers.get("If-None-Match") == '"1"' and Portal.body == CSV:
            self.send_response(304)
            self.end_headers()
        else:
            content = (b"x" * 3_000_000) if self.path == "/large" else Portal.body.encode()
            self.send_response(200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Disposition", 'attachment; filename="training May.csv"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    """A server on a free port of this computer; its address without the scheme."""
    Portal.body, Portal.asked = CSV, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def got(url: str, folder: Path, *hosts: str, most: int = 1_000_000, etag: str = "") -> Any:
    return fetch(url, Allowance(hosts), folder, most, etag)


# --- fetching -------------------------------------------------------------------------------------


def test_a_file_is_fetched_under_the_name_it_is_given(portal: str, tmp_path: Path) -> None:
    found = got(f"http://{portal}/x", tmp_path, portal)
    assert (found.name, found.etag) == ("training May.csv", '"1"')
    assert found.path.read_text() == CSV
    assert got(f"http://{portal}/x", tmp_path, portal, etag='"1"').path is None


def test_a_redirect_is_followed_where_it_may_lead(portal: str, tmp_path: Path) -> None:
    assert got(f"http://{portal}/to//x", tmp_path, portal).path.read_text() == CSV


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://localhost/x", "not an https address"),
        ("http://169.254.169.254/latest", "not an https address"),
        ("https://10.0.0.1/x", "10.0.0.1 is not among the allowed hosts"),
        ("https://example.org/x", "example.org is not among the allowed hosts"),
        ("file:///etc/passwd", "not an https address"),
    ],
)
def test_a_redirect_to_where_nobody_was_allowed_is_refused(
    portal: str, tmp_path: Path, target: str, said: str
) -> None:
    with pytest.raises(WrongUse, match=said):
        got(f"http://{portal}/to/{target}", tmp_path, portal)


def test_redirects_in_a_circle_end(portal: str, tmp_path: Path) -> None:
    with pytest.raises(NotPossibleNow, match="more than 5 times"):
        got(f"http://{portal}" + "/to/" * 9 + "/x", tmp_path, portal)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://data.example.org/x.csv", "not an https address"),
        ("https://user:word@data.example.org/x.csv", "not an https address"),
        ("ftp://data.example.org/x.csv", "not an https address"),
        ("https://data.example.org:99999/x", "is no address"),
        ("https://other.example.com/x", "not among the allowed hosts"),
        ("https://evil-example.org/x", "not among the allowed hosts"),
        ("https://example.org.evil.com/x", "not among the allowed hosts"),
        ("data.csv", "not an https address"),
    ],
)
def test_only_https_from_allowed_hosts(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        got(url, tmp_path, "data.example.org", "*.example.org")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "100.64.0.1",
     "224.0.0.1"],
)  # fmt: skip
def test_a_name_that_leads_to_a_private_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(0, 0, 0, "", (answer, 443)) for answer in ("93.184.216.34", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)
    assert not is_public(address)
    with pytest.raises(WrongUse, match="which is not a public address"):
        got("https://data.example.org/x", tmp_path, "data.example.org")


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


def test_an_explicit_allowance_is_of_that_port_alone(portal: str, tmp_path: Path) -> None:
    host, _, port = portal.partition(":")
    with pytest.raises(WrongUse):
        got(f"http://{host}:{int(port) + 1}/x", tmp_path, portal)


def test_what_is_too_large_or_not_there_is_said(portal: str, tmp_path: Path) -> None:
    with pytest.raises(NotPossibleNow, match="more than 1 MB"):
        got(f"http://{portal}/large", tmp_path, portal)
    with pytest.raises(NotPossibleNow, match="answers 404"):
        got(f"http://{portal}/gone", tmp_path, portal)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [("", ()), ("data.example.org, *.sharepoint.com", ("data.example.org", "*.sharepoint.com"))],
)
def test_allowed_hosts_are_a_setting(text: str, hosts: tuple[str, ...]) -> None:
    assert load({"ONEMIND_SOURCE_HOSTS": text}).source_hosts == hosts


@pytest.mark.parametrize("text", ["*", "localhost", "https://data.example.org", "a b.org"])
def test_a_setting_that_names_no_host_stops_the_start(text: str) -> None:
    with pytest.raises(WrongUse, match="ONEMIND_SOURCE_HOSTS"):
        load({"ONEMIND_SOURCE_HOSTS": text})


# --- on a schedule --------------------------------------------------------------------------------


@pytest.fixture
def town(empty: Campaign, portal: str) -> Campaign:
    empty.publish(departments=TOWN)
    chosen = replace(empty.store.settings, source_hosts=(portal,))
    empty.store.settings = chosen
    return empty


@pytest.fixture
def appdb(town: Campaign) -> Iterator[AppDatabase]:
    with closing(AppDatabase(town.store.settings.store)) as opened:
        yield opened


def asked(town: Campaign, appdb: AppDatabase, only: str | None = None) -> list[tuple[Any, bool]]:
    return [(came.version, came.failed) for came in due(town.store, appdb, lambda: TODAY, only)]


def test_a_source_is_asked_when_it_is_due_and_published_once(
    town: Campaign, appdb: AppDatabase, portal: str
) -> None:
    source = appdb.sources.add(f"http://{portal}/x", 3600, "", "pat", datetime.now(UTC))
    assert asked(town, appdb) == [(2, False)]
    assert asked(town, appdb) == []  # not due
    assert asked(town, appdb, source.id) == [(None, False)]  # the portal says: as it was
    Portal.body = CSV + "A,2,MHFA,2024-03-04\n"
    assert asked(town, appdb, source.id) == [(3, False)]
    version = town.store.versions()[-1]
    assert (version.author, version.message.startswith("Fetched training May.csv from")) == (
        "pat", True,
    )  # fmt: skip


def test_a_failure_is_noted_with_the_source_and_in_the_log(
    town: Campaign, appdb: AppDatabase, portal: str
) -> None:
    appdb.sources.add(f"http://{portal}/gone", 3600, "", "pat", datetime.now(UTC))
    appdb.sources.add(f"http://{portal}/x", 3600, "", "pat", datetime.now(UTC))
    assert asked(town, appdb) == [(None, True), (2, False)]
    failed, fine = appdb.sources.all()
    assert (failed.failed, fine.failed) == (True, False)
    assert "answers 404" in failed.message
    assert [event.action for event in appdb.activity.events()] == ["publish", "source failed"]


def test_a_file_with_errors_is_not_let_in_and_asked_for_again(
    town: Campaign, appdb: AppDatabase, portal: str
) -> None:
    source = appdb.sources.add(f"http://{portal}/x", 3600, "", "pat", datetime.now(UTC))
    Portal.body = CSV.replace("2024-03-04", "soon")
    assert asked(town, appdb) == [(None, True)]
    [known] = appdb.sources.all()
    assert (known.etag, "1 error" in known.message) == ("", True)
    assert len(town.store.versions()) == 1
    Portal.body = CSV
    assert asked(town, appdb, source.id) == [(2, False)]


def test_only_one_process_asks(town: Campaign, appdb: AppDatabase, portal: str) -> None:
    now = datetime.now(UTC)
    source = appdb.sources.add(f"http://{portal}/x", 3600, "", "pat", now)
    assert appdb.sources.claim(source, now)
    assert not appdb.sources.claim(source, now)
    [claimed] = appdb.sources.all()
    assert not claimed.is_due(now + timedelta(seconds=3599))
    assert claimed.is_due(now + timedelta(seconds=3600))


def test_sources_are_added_listed_fetched_and_removed_by_commands(
    town: Campaign, portal: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    from onemind import cli

    monkeypatch.setenv("ONEMIND_STORE", str(town.store.settings.store))
    monkeypatch.setenv("ONEMIND_SOURCE_HOSTS", portal)
    town.store.close()
    assert cli.main(["sources", "list"]) == 0
    assert cli.main(["sources", "add", f"http://{portal}/x", "--every", "12h"]) == 0
    assert cli.main(["sources", "add", f"http://{portal}/x"]) == 2
    assert cli.main(["sources", "add", "https://example.org/x"]) == 2
    assert cli.main(["sources", "add", f"http://{portal}/y", "--every", "1m"]) == 2
    assert cli.main(["sources", "add", f"http://{portal}/y", "--reading", "none"]) == 2
    assert cli.main(["sources", "add"]) == 2
    with closing(AppDatabase(settings.load().store)) as appdb:
        [source] = appdb.sources.all()
    assert source.every == 12 * 3600
    capsys.readouterr()
    assert cli.main(["sources", "fetch", "--json"]) == 0
    assert '"version": 2' in capsys.readouterr().out
    assert cli.main(["sources", "fetch"]) == 0
    assert capsys.readouterr().out == "No source is due.\n"
    assert cli.main(["sources", "fetch", "none"]) == 2
    assert cli.main(["sources", "list"]) == 0
    assert "every 12:00:00" in capsys.readouterr().out
    assert cli.main(["sources", "remove", source.id]) == 0
    assert cli.main(["sources", "remove", source.id]) == 2
