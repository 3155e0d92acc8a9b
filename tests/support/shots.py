"""Pictures of every page on the sample: desktop light, desktop dark and phone, into shots/.

`python -m tests.support.shots [WORD]` takes only the pages whose title holds the word. Each
picture shows the whole page, however long; $CHROMIUM names the browser.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from onemind import metrics
from onemind.access import PAGES
from onemind.campaign import Filter
from onemind.settings import ROOT
from tests.conftest import TODAY, Campaign, campaigning
from tests.support.serving import browsing, serving, visit

FOLDER = ROOT / "shots"
LONGEST = 9_000
LOOKS = {
    "desktop-light": (1400, 900, "light"),
    "desktop-dark": (1400, 900, "dark"),
    "phone": (390, 844, "light"),
}


def main() -> None:
    """Publish the sample into a store of its own, serve it, and photograph the pages."""
    asked = argparse.ArgumentParser(prog="make shots", description=__doc__)
    asked.add_argument("word", nargs="?", default="", help="part of a page's title")
    word = asked.parse_args().word.lower()
    titles = [title for pages in PAGES.values() for _, title, _ in pages if word in title.lower()]
    if not titles:
        asked.error(f"no page has '{word}' in its title")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        with campaigning(Path(folder)) as campaign:
            campaign.publish_sample()
            department = best_known(campaign)
        with serving(campaign.folder / "store") as base, browsing() as browser:
            for title in titles:
                photograph(browser, base, title, address(title, department))


def best_known(campaign: Campaign) -> str:
    """Return a department with much to show: the largest completed one."""
    rows = metrics.progress(campaign.store, Filter(stage=("completed",)), TODAY).records()
    return str(max(rows, key=lambda row: row["sworn"] or 0)["department_id"])


def address(title: str, department: str) -> str:
    """Return where a page is; a department's own page is that of one with much to show."""
    return f"/{title.lower()}" + (f"?id={department}" if title == "Department" else "")


def photograph(browser: Browser, base: str, title: str, path: str) -> None:
    """Take a page in every look, and say which files were written and what the browser said."""
    for look, (width, height, scheme) in LOOKS.items():
        size = ViewportSize(width=width, height=height)
        seen = visit(browser, base, size, "dark" if scheme == "dark" else "light")
        seen.open(path)
        _grow(seen.page, width, height)
        file = FOLDER / f"{title.lower()}-{look}.png"
        seen.page.screenshot(path=file)
        print(file.relative_to(ROOT), *seen.faults, sep="\n  ", flush=True)
        seen.page.context.close()


def _grow(page: Page, width: int, height: int) -> None:
    """Make the window as tall as the page: what scrolls inside it is then all in the picture."""
    for _ in range(3):  # charts may change their height with the window
        page.wait_for_timeout(700)
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(tall, LONGEST))})
    page.wait_for_timeout(700)


if __name__ == "__main__":
    main()
