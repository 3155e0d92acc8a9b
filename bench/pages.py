"""Opening a page: processor time of the server for each page, beyond that of an empty page.

The floor is an empty page of the same app. The overview written the plain way stands beside it.
"""

from __future__ import annotations

import asyncio
from statistics import median

from bench._client import opened
from bench._measure import Figure, arguments, report
from bench._server import PLAIN, WITH_EMPTY, Server, sample_store, serving
from onemind.access import PAGES

GOAL, WARMING = 15.0, 3  # milliseconds beyond the empty page; opens before it counts
ROUNDS = 5
ASKS = {"department": "id=MA0130500"}


def busy(server: Server, page: str, times: int) -> tuple[float, str]:
    """Return the milliseconds of processor time that one open takes, and an error if there was."""

    async def several() -> str:
        errors = [(await opened(server.address, page, ASKS.get(page, ""))).error
                  for _ in range(times)]  # fmt: skip
        return next(filter(None, errors), "")

    start = server.busy()
    error = asyncio.run(several())
    return (server.busy() - start) * 1000 / times, error


def measured(server: Server, pages: list[str], times: int) -> dict[str, list[float]]:
    """Open each page in turn, over and over; return the milliseconds of each round."""
    found: dict[str, list[float]] = {page: [] for page in pages}
    for page in pages:
        busy(server, page, WARMING)
    for _ in range(ROUNDS):
        for page in pages:
            spent, error = busy(server, page, times)
            if error:
                raise SystemExit(f"{page or 'overview'} failed: {error}")
            found[page].append(spent)
    return found


def explored() -> list[str]:
    """Return the addresses of the pages that everybody may open, the overview as ""."""
    titles = [title.lower() for _, title, _ in PAGES["Explore"] if title != "Empty"]
    return ["" if title == "overview" else title for title in titles]


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=10)
    store = sample_store()
    with serving(store, WITH_EMPTY) as server:
        found = measured(server, ["empty", *explored()], args.times)
    with serving(store, PLAIN) as server:
        plain = measured(server, [""], args.times)[""]
    floor = median(found.pop("empty"))
    figures = [
        Figure(f"open {page or 'overview'}, beyond an empty page", median(spent) - floor, "ms CPU",
               GOAL, None, min(spent) - floor, max(spent) - floor)
        for page, spent in found.items()
    ]  # fmt: skip
    worst = max(median(spent) for spent in found.values())
    figures += [
        Figure("open the worst page", worst, "ms CPU", None, floor),
        Figure("open the overview, plain", median(plain), "ms CPU", None, floor),
    ]
    report("pages", figures, opens=args.times * ROUNDS)


if __name__ == "__main__":
    main()
