"""The description of the API as a page: no script, nothing from elsewhere."""

from __future__ import annotations

from starlette.responses import Response

from onemind import metrics
from onemind.campaign import DATASETS, contract
from onemind.metrics.export import of_dataset
from onemind.server.api.openapi import ABOUT, PROBLEMS
from onemind.server.api.resources import RESOURCES, declared
from onemind.server.exchange import page


def shown() -> Response:
    """Return the page."""
    return page(
        "api.html",
        "API",
        about=ABOUT,
        resources=[(item, declared(item)) for item in RESOURCES],
        datasets=[(contract(name), of_dataset(name)) for name in DATASETS],
        metrics=list(metrics.metrics().values()),
        problems=PROBLEMS,
    )
