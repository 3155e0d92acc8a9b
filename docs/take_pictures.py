"""Takes the README's pictures of the dashboard on the sample campaign, as it looks now.

Run: CHROMIUM=/usr/bin/chromium python -m docs.take_pictures
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from onemind import ingest, publishing
from onemind.settings import SAMPLE
from tests.conftest import Campaign, campaigning
from tests.support.serving import Scheme, browsing, serving, visit
from tests.support.shots import best_known

FOLDER = Path(__file__).parent
WAIT = 2_500  # milliseconds until charts have drawn what the script sent


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, its size in pixels, and whether it is dark."""

    file: str
    address: str
    height: int
    scheme: Scheme = "light"


PICTURES = (
    Picture("overview.png", "/", 1000),
    Picture("department.png", "/department?id={department}", 900),
    Picture("map.png", "/map", 940, "dark"),
)


def publish_sample(campaign: Campaign) -> None:
    """Publish the sample as `make run` does."""
    files = [ingest.Upload(path, path.name) for path in sorted(SAMPLE.glob("*.csv"))]
    options = campaign.options()
    publishing.publish(campaign.store, files, options, "Sample data", "Sample campaign")


def take(browser: Browser, base: str, picture: Picture, department: str) -> None:
    """Take one picture and write it as small as it gets."""
    size = ViewportSize(width=1400, height=picture.height)
    seen = visit(browser, base, size, picture.scheme)
    seen.open(picture.address.format(department=department))
    seen.page.wait_for_timeout(WAIT)
    path = FOLDER / picture.file
    seen.page.screenshot(path=path)
    seen.page.context.close()
    with Image.open(path) as shot:  # all colors stay: the fewest dots are those that matter
        shot.convert("RGB").save(path, optimize=True)
    print(path.name, *seen.faults, sep="\n  ", flush=True)


def main() -> None:
    """Publish the sample into a store of its own, serve it, and take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        with campaigning(Path(folder)) as campaign:
            publish_sample(campaign)
            department = best_known(campaign)
        with serving(campaign.folder / "store") as base, browsing() as browser:
            for picture in PICTURES:
                take(browser, base, picture, department)


if __name__ == "__main__":
    main()
