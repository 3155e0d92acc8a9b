"""The recipe for nginx as it would run: TLS, two replicas, a browser and plain clients."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from onemind import access
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.settings import ROOT
from tests.browser.test_signin import WORDS, filled
from tests.conftest import campaigning
from tests.support.replicated import COOKIE
from tests.support.serving import DESKTOP, Watched, serving
from tests.support.waiting import eventually, free_port

pytestmark = [pytest.mark.browser, pytest.mark.long]
DEPARTMENTS = """\
department_id,name,type,municipality,county,state,sworn_officers
D1,Lee Police Department,municipal,Lee,Berkshire,MA,10
"""
ROW = "department_id,officer_id,course,completed_on\n" + "".join(
    f"D1,A-{number:06},MHFA,2026-01-01\n" for number in range(40_000)
)  # larger than nginx takes by default


@dataclass
class Deployed:
    """nginx on two free ports of this computer, and the replica that may be stopped."""

    port: int
    plain: int
    first: ExitStack

    @property
    def base(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context)
        with closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer


def recipe(folder: Path, ports: dict[str, str]) -> Path:
    """Return deploy/nginx.conf with ports, replicas and a certificate of this computer."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        **ports, "/etc/nginx/certs": str(folder), "/run/nginx.pid": f"{folder}/nginx.pid",
        "worker_processes auto;": "worker_processes 1;\ndaemon off;\nuser root;",
        "http {": f"http {{\n    client_body_temp_path {folder}/body;\n"
        f"    proxy_temp_path {folder}/proxy;",
    }.items():  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    place = folder / "nginx.conf"
    place.write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    folder, port, plain = tmp_path_factory.mktemp("deployed"), free_port(), free_port()
    with campaigning(folder) as made:
        made.publish(departments=DEPARTMENTS)
    with closing(AppDatabase(folder / "store")) as appdb:
        access.people.add(
            appdb, "ann@example.org", "admin", Actor("tester"), datetime.now(UTC), WORDS
        )
    with pytest.MonkeyPatch.context() as patch, ExitStack() as first, ExitStack() as stack:
        patch.setenv("ONEMIND_URL", f"https://127.0.0.1:{port}")
        patch.setenv("ONEMIND_REPLICAS", "2")
        one = first.enter_context(serving(folder / "store"))
        two = stack.enter_context(serving(folder / "store"))
        ports = {
            "listen 443 ssl http2": f"listen 127.0.0.1:{port} ssl http2",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "app1:8501": one.removeprefix("http://"), "app2:8501": two.removeprefix("http://"),
        }  # fmt: skip
        config = recipe(folder, ports)
        command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(config)]
        with (folder / "nginx.log").open("wb") as log:
            child = subprocess.Popen(command, stderr=log)
            stack.callback(child.wait, 20)
            stack.callback(child.terminate)
            made_of = Deployed(port, plain, first)
            eventually(lambda: child.poll() is not None or _answers(made_of))
            assert child.poll() is None, (folder / "nginx.log").read_text()
            yield made_of


def _answers(deployed: Deployed) -> bool:
    try:
        return deployed.ask("/healthz").status == 200
    except OSError:
        return False


def visitor(browser: Browser, deployed: Deployed) -> Watched:
    context = browser.new_context(viewport=DESKTOP, ignore_https_errors=True)
    return Watched(context.new_page(), deployed.base)


def test_plain_clients_are_sent_to_tls_and_each_stays_on_one_replica(deployed: Deployed) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", deployed.plain)
    with closing(connection):
        connection.request("GET", "/map?state=MA", headers={"Host": "onemind.example.org"})
        answer = connection.getresponse()
        assert answer.status == 301
        assert answer.headers["Location"] == "https://onemind.example.org/map?state=MA"
    given = [deployed.ask("/login").headers.get_all("Set-Cookie") or [] for _ in range(12)]
    lines = [next(line for line in each if line.startswith(COOKIE)) for each in given]
    assert len(set(lines)) == 12
    assert all({"Secure", "HttpOnly", "Partitioned"} <= set(line.split("; ")) for line in lines)
    again = deployed.ask("/login", Cookie=lines[0].partition(";")[0])
    assert not any(line.startswith(COOKIE) for line in again.headers.get_all("Set-Cookie") or [])


def test_a_person_signs_in_uploads_and_goes_on_when_a_replica_has_gone(
    browser: Browser, deployed: Deployed, tmp_path: Path
) -> None:
    (tmp_path / "training.csv").write_text(ROW)
    seen = visitor(browser, deployed)
    seen.page.goto(deployed.base + "/upload")
    filled(seen.page, "ann@example.org")
    seen.settle()
    cookies = {item["name"]: item for item in seen.page.context.cookies()}
    assert cookies["__Host-onemind_session"]["secure"]  # it came by https, as the proxy says
    seen.page.locator("input[type=file]").set_input_files([tmp_path / "training.csv"])
    seen.page.get_by_test_id("stBaseButton-primaryFormSubmit").click()
    expect(seen.page.get_by_text("Published version 2.")).to_be_visible(timeout=120_000)
    seen.open("/")
    assert seen.faults == []
    deployed.first.close()  # one of the two stops; it may be this one's
    seen.page.wait_for_timeout(3_000)
    seen.open("/methodology")
    expect(seen.page.get_by_role("heading", name=re.compile("Methodology"))).to_be_visible()
    for _ in range(6):
        assert deployed.ask("/login").status == 200
