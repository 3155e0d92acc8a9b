"""A first visit in Chromium over 4G (9 Mbit/s, 60 ms): bytes, the first number and chart."""

from __future__ import annotations

import os
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench._measure import Figure, arguments, report
from bench._server import PLAIN, sample_store, serving

MEGABITS, DELAY = 9.0, 60  # milliseconds there and back
BYTES, NUMBER, CHART = 3.3, 2.5, 6.0
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """One first visit: megabytes over the wire, seconds to the first number and first chart."""

    megabytes: float
    number: float
    chart: float
    biggest: tuple[tuple[str, int], ...] = ()


def visit(browser: Browser, address: str) -> Visit:
    """Visit with nothing kept from before."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    wire = page.context.new_cdp_session(page)
    rate = MEGABITS * 1e6 / 8
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": DELAY, "downloadThroughput": rate, "uploadThroughput": rate,
    })  # fmt: skip
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    wire.on(
        "Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]})
    )
    wire.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    wire.on(
        "Network.webSocketFrameReceived",
        lambda e: sizes.update(
            {"websocket": sizes.get("websocket", 0) + len(e["response"]["payloadData"]) * 3 // 4}
        ),
    )
    page.goto(address, wait_until="commit")
    start = page.evaluate("performance.timeOrigin")
    now = "Date.now()"
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
    number = page.evaluate(now) - start
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
    chart = page.evaluate(now) - start
    page.wait_for_load_state("networkidle")
    page.context.close()
    biggest = sorted(((names.get(key, key), size) for key, size in sizes.items()),
                     key=lambda item: -item[1])[:12]  # fmt: skip
    return Visit(sum(sizes.values()) / 1e6, number / 1000, chart / 1000, tuple(biggest))


def visits(address: str, times: int) -> list[Visit]:
    """Visit several times, each with a browser that has nothing kept."""
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        found = [visit(browser, address) for _ in range(times)]
        browser.close()
    return found


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__)
    with serving(sample_store()) as server:
        visits(server.address, 1)
        ours = visits(server.address, args.times)
    with serving(sample_store(), PLAIN) as server:
        plain = visits(server.address, 1)
    for name, size in ours[0].biggest:
        print(f"  {size / 1000:8.0f} kB {name.rpartition('/')[2][:60]}")
    figures = [
        Figure("over the wire", median(item.megabytes for item in ours), "MB", BYTES),
        Figure("first number", median(item.number for item in ours), "s", NUMBER),
        Figure("first chart", median(item.chart for item in ours), "s", CHART),
        Figure("over the wire, plain", plain[0].megabytes, "MB"),
        Figure("first chart, plain", plain[0].chart, "s"),
    ]
    report("first_load", figures, megabits=MEGABITS, delay_ms=DELAY)


if __name__ == "__main__":
    main()
