"""What every page of a site has around it: the menu, the as-of line, the note on samples."""

from __future__ import annotations

from typing import Any

from onemind import metrics, narrative
from onemind.metrics import MetricName
from onemind.site import assets, pages
from onemind.site.edition import Edition
from onemind.words import long_day

SEARCHED, VERSION = "data/departments.js", "data/version.js"


def framed(
    edition: Edition, template: str, path: str, title: str, current: str, **values: Any
) -> bytes:
    """Return a page: a template within the frame. `current` is the title of its menu entry."""
    root = "../" * path.count("/")
    menu = [(name, root + file, name == current) for name, file in edition.files.items()]
    return pages.page(
        template,
        title=title,
        campaign=edition.rules.campaign,
        root=root,
        menu=menu,
        as_of=long_day(edition.as_of),
        scope=edition.scope.words(),
        sample=narrative.SAMPLE if edition.version.sample else "",
        searched=SEARCHED if edition.has_departments else "",
        version_file=VERSION,
        style=assets.asset("site.css"),
        script=assets.asset("site.js"),
        charts=assets.asset("charts.js"),
        icon=assets.asset("icon.png"),
        methodology=root + edition.files["Methodology"] if "Methodology" in edition.files else "",
        first=root + "index.html",
        **values,
    )


def published(edition: Edition) -> str:
    """Say which version the site is of, and when it was published."""
    return narrative.published(edition.version, narrative.STAFF)


def definitions(*names: MetricName) -> list[metrics.Metric]:
    """Return the metrics whose definitions a page has at its end."""
    return [metrics.metric(name) for name in names]
