"""The overview: where the campaign stands, what changed, which departments need attention."""

from __future__ import annotations

from dataclasses import dataclass

from onemind import narrative
from onemind.campaign import CONCERNS, STAGES
from onemind.drawing import charts, tables
from onemind.metrics import OVERVIEW, MetricName, metric
from onemind.narrative import Concern
from onemind.site import figures, frame, map, numbers, pages
from onemind.site.edition import Edition

MOST = 4  # of one kind; the departments page lists all


@dataclass(frozen=True)
class Listed:
    """Departments that need attention for one reason: the first of them, and how many more."""

    title: str
    count: int
    first: tuple[Concern, ...]
    more: int
    link: str


def page(edition: Edition, path: str, links: dict[str, str]) -> bytes:
    """Return the overview."""
    funnel = charts.figure.funnel(edition.progress)
    stages = f"Departments by stage: {narrative.stages(edition.progress)}"
    return frame.framed(
        edition, "overview.html", path, "Overview", "Overview",
        published=frame.published(edition), links=links,
        sentence=narrative.sentence(edition.progress),
        numbers=numbers.cards(edition, OVERVIEW), map=map.small(edition),
        everybody=narrative.all_of(edition.progress), funnel=figures.chart(funnel, stages),
        attention=attention(edition), states=_states(edition), history=_history(edition),
        definitions=frame.definitions(*OVERVIEW),
    )  # fmt: skip


def concerned(edition: Edition) -> list[Concern]:
    """Return the departments that need attention, most urgent first."""
    silent = edition.rules.spans["silent_days"]
    return narrative.concerns(edition.progress, edition.as_of, silent)


def attention(edition: Edition) -> list[Listed]:
    """Return the departments that need attention, by reason."""
    concerns, listed = concerned(edition), []
    for kind, (title, _) in CONCERNS.items():
        same = tuple(item for item in concerns if item.kind == kind)
        named = "stage" if kind in STAGES else "reason"
        file = edition.files.get("Departments", "")
        link = f"{file}#{named}={kind}" if file else ""
        if same:
            listed.append(Listed(title, len(same), same[:MOST], len(same) - MOST, link))
    return listed


def _states(edition: Edition) -> pages.Table | None:
    names = (*tables.states.COUNTS, *tables.states.SHARES)
    compared = tables.states.compared({name: edition.query(name, "state") for name in names})
    if compared is None:
        return None
    shares = [metric(name).label for name in tables.states.SHARES]
    return pages.table(compared.drop(columns="state"), "State by state", (), shares)


def _history(edition: Edition) -> figures.Chart:
    pledged, completed = (
        edition.query(name, "month") for name in (MetricName.PLEDGED, MetricName.COMPLETED)
    )
    surge = charts.pledges.surge(edition.pledges, edition.progress)
    figure = charts.pledges.cumulative(pledged, completed, surge)
    return figures.chart(figure, narrative.history(surge.day if surge else None,
                                                   surge.words if surge else ""))  # fmt: skip
