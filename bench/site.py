"""The site as files: built anew and after a small publish, sent by the server, read over 4G."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench._measure import Figure, arguments, report
from bench._server import TICKS, sample_store, serving
from bench.first_load import ARGUMENTS, DELAY, MEGABITS
from onemind import ingest, publishing, site
from onemind.campaign import EVERYTHING
from onemind.settings import Settings
from onemind.site import Edition, assets
from onemind.store import Store
from tests.support.waiting import free_port

REQUESTS = 2000
ANEW, AGAIN, CPU, FIRST_PAGE, NUMBER, CHART = 20.0, 2.0, 0.3, 250.0, 0.8, 2.0
TOTALS = "department_id,as_of,mhfa_trained,cit_trained\n"
# What any server of this kind costs: the same number of bytes, and nothing decided.
FLOOR = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-length", b"15000"), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(15000)})
"""


def built(store: Store, folder: Path) -> tuple[float, site.Built]:
    """Build the newest version's site; return the seconds and what was done."""
    begun = time.perf_counter()
    edition = Edition.of(store, site.sight_of(EVERYTHING), date.today())
    done = site.build(edition, folder)
    return time.perf_counter() - begun, done


def publish_two(store: Store, folder: Path, number: int) -> None:
    """Publish new totals of two departments."""
    with store.reading(None, ["departments"]) as con:
        ids = con.execute("select department_id from departments order by 1 limit 2").fetchall()
    rows = "".join(f"{name},{date.today()},{number},{number}\n" for (name,) in ids)
    (folder / "training_totals.csv").write_text(TOTALS + rows, encoding="utf-8")
    upload = ingest.Upload(folder / "training_totals.csv", "training_totals.csv")
    publishing.publish(store, [upload], publishing.Options(today=date.today()), "bench", "two")


def building(times: int) -> list[Figure]:
    """Measure building, in a process that goes on, as the server's does."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(sample_store(), work / "store")
        store = Store(Settings(store=work / "store"))
        built(store, work / "first")  # what opening the store and its histories costs is its own
        anew = [built(store, work / f"anew{number}") for number in range(times)]
        again = []
        for number in range(times):
            publish_two(store, work, number + 1)
            again.append(built(store, work / "first"))
        store.close()
        weight = sum(path.stat().st_size for path in (work / "first").rglob("*.gz")) / 1e6
    files = again[-1][1]
    print(f"  after a publish of two: {files.written} of {files.files} files written")
    return [
        Figure("built anew", median(seconds for seconds, _ in anew), "s", ANEW),
        Figure("after a publish of two", median(seconds for seconds, _ in again), "s", AGAIN),
        Figure("all files, compressed", weight, "MB"),
    ]


def first_bytes(address: str) -> list[Figure]:
    """Return what the first page weighs over the wire, before and with its charts."""
    page = _get(address, "/site/")
    parts = [assets.asset(name) for name in ("site.css", "site.js", "icon.png")]
    shown = len(page) + sum(len(_get(address, f"/site/{path}")) for path in parts)
    charts = len(_get(address, f"/site/{assets.asset('charts.js')}"))
    return [
        Figure("first page before charts, over the wire", shown / 1000, "kB", FIRST_PAGE),
        Figure("the charts' script", charts / 1000, "kB"),
    ]


def _get(address: str, path: str) -> bytes:
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    content = connection.getresponse().read()
    connection.close()
    return content if content[:2] == b"\x1f\x8b" or path.endswith("png") else gzip.compress(content)


def per_request(address: str, path: str, busy: Callable[[], float]) -> float:
    """Return the milliseconds of processor time that a request costs."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    before = busy()
    for _ in range(REQUESTS):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        connection.getresponse().read()
    connection.close()
    return (busy() - before) / REQUESTS * 1000


@contextmanager
def bare() -> Iterator[tuple[str, Callable[[], float]]]:
    """Lend a server that does nothing but send."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "floor.py").write_text(FLOOR, encoding="utf-8")
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "floor:app", f"--port={port}",
                   "--log-level=error"]  # fmt: skip
        child = subprocess.Popen(command, cwd=name)

        def busy() -> float:
            fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / TICKS

        try:
            for _ in range(100):
                try:
                    _get(f"http://127.0.0.1:{port}", "/")
                    break
                except OSError:
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}", busy
        finally:
            child.terminate()
            child.wait(20)


def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Visit over 4G with nothing kept; return seconds to the first number and the first chart."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    wire, rate = page.context.new_cdp_session(page), MEGABITS * 1e6 / 8
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": DELAY, "downloadThroughput": rate, "uploadThroughput": rate,
    })  # fmt: skip
    page.goto(address)
    page.locator(".chart.drawn").first.wait_for(timeout=60_000)
    number, chart = page.evaluate("""() => [
        performance.getEntriesByName("first-contentful-paint")[0].startTime,
        performance.getEntriesByName("chart")[0].startTime,
    ]""")
    page.context.close()
    return number / 1000, chart / 1000


def reading(address: str, times: int) -> list[Figure]:
    """Measure first visits by the browser's own clock."""
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        visit(browser, address)
        visits = [visit(browser, address) for _ in range(times)]
        browser.close()
    return [
        Figure("first number, 4G", median(number for number, _ in visits), "s", NUMBER),
        Figure("first chart, 4G", median(chart for _, chart in visits), "s", CHART),
    ]


def main() -> None:
    """Measure and report."""
    times = arguments(__doc__).times
    figures = building(times)
    os.environ["ONEMIND_PUBLIC"] = "all"
    with serving(sample_store()) as server:
        figures += first_bytes(server.address)
        page = "/site/departments.html"
        _get(server.address, page)
        costs = [per_request(server.address, page, server.busy) for _ in range(times)]
        figures += reading(f"{server.address}/site/", times)
    with bare() as (address, busy):
        floor = median(per_request(address, "/", busy) for _ in range(times))
    figures.append(Figure("a request", median(costs), "ms CPU", CPU))
    figures.append(Figure("a request of a server that only sends", floor, "ms CPU"))
    report("site", figures, megabits=MEGABITS, delay_ms=DELAY)


if __name__ == "__main__":
    main()
