"""The methodology: every number's definition, source and caveat, and how to cite the site."""

from __future__ import annotations

import pandas as pd

from onemind.campaign import contracts
from onemind.metrics import metrics
from onemind.narrative import methodology as said
from onemind.site import frame, pages
from onemind.site.edition import Edition


def page(edition: Edition, path: str, links: dict[str, str]) -> bytes:
    """Return the Methodology page."""
    rules, titles = edition.rules, said.CONTENTS
    listed = (
        ("editions", said.editions(rules)), ("courses", said.courses(rules)),
        ("settings", said.spans(rules)),
    )  # fmt: skip
    settings = edition.window.settings
    return frame.framed(
        edition, "methodology.html", path, "Methodology", "Methodology",
        published=frame.published(edition), titles=titles, contents=said.contents(),
        introduction=said.introduction(edition.as_of, edition.version.number),
        numbers=[(item, said.number(item)) for item in metrics().values()],
        practices=said.practices(rules), stages=said.stages(rules), training=said.training(),
        small_counts=said.small_counts(),
        tables={name: pages.table(pd.DataFrame(rows), titles[name]) for name, rows in listed},
        datasets=[(item, said.columns(item)) for item in contracts().values()],
        citation=said.citation(edition.version, edition.chosen, edition.scope,
                               settings.url, edition.as_of),
        contact=settings.contact,
    )  # fmt: skip
