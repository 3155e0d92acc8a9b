"""Pictures of every page on the sample: desktop light, desktop dark and phone, into shots/.

`python -m tests.shots [WORD]` takes only the pages whose title holds the word. Each picture shows
the whole page, however long; $CHROMIUM names the browser.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from onemind import ingest, metrics
from onemind.filters import Filter
from onemind.settings import ROOT, SAMPLE, Settings
from onemind.store import Store
from onemind.ui_main import PAGES
from tests.conftest import TODAY
from tests.serving import Watched, browsing, serving

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
        store = Path(folder) / "store"
        department = publish_sample(store)
        with serving(store) as base, browsing() as browser:
            for title in titles:
                photograph(browser, base, title, address(title, department))


def publish_sample(folder: Path) -> str:
    """Publish the sample, and return a department with much to show: the largest completed one."""
    store = Store(Settings(store=folder))
    files = [ingest.Upload(path, path.name) for path in sorted(SAMPLE.glob("*.csv"))]
    ingest.publish(store, files, ingest.Options(today=TODAY), "Sample data", "Sample campaign")
    rows = metrics.progress(store, Filter(stage=("completed",)), TODAY).records()
    store.close()
    return str(max(rows, key=lambda row: row["sworn"] or 0)["department_id"])


def address(title: str, department: str) -> str:
    """Return where a page is; a department's own page is that of one with much to show."""
    return f"/{title.lower()}" + (f"?id={department}" if title == "Department" else "")


def photograph(browser: Browser, base: str, title: str, path: str) -> None:
    """Take a page in every look, and say which files were written and what the browser said."""
    for look, (width, height, scheme) in LOOKS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        seen = Watched(context.new_page(), base)
        seen.open(path)
        _grow(seen.page, width, height)
        file = FOLDER / f"{title.lower()}-{look}.png"
        seen.page.screenshot(path=file)
        print(file.relative_to(ROOT), *seen.faults, sep="\n  ", flush=True)
        context.close()


def _grow(page: Page, width: int, height: int) -> None:
    """Make the window as tall as the page: what scrolls inside it is then all in the picture."""
    for _ in range(3):  # charts may change their height with the window
        page.wait_for_timeout(700)
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(tall, LONGEST))})
    page.wait_for_timeout(700)


if __name__ == "__main__":
    main()
