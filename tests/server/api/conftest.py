"""A server on a campaign of two halves, and links into the one that may be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onemind import access, runtime
from onemind.access import shareable
from onemind.access.links import Terms
from tests.support.guarded import Guarded, guarded
from tests.support.worlds import SCOPE, World, world

TODAY = date.today()
DOWNLOADS = Terms("NAMI", SCOPE, downloads=True)


@dataclass
class Served:
    """The server under test, the campaign in it, and who may ask it."""

    server: Guarded
    world: World

    def link(self, terms: Terms = DOWNLOADS, **changed: Any) -> tuple[str, str]:
        """Make a link; returns its id and token."""
        appdb, now = self.server.appdb, datetime.now(UTC)
        terms = replace(terms, **changed)
        made, token = access.links.make(appdb, runtime.store(), terms, shareable(), "pat", now)
        return made.id, token

    def bearing(self, token: str, address: str = "203.0.113.9") -> Any:
        """Return a client that shows a token."""
        client = self.server.client(address=address)
        client.headers["Authorization"] = f"Bearer {token}"
        return client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("api") / "world"
    made = world(folder, "Qzebra", 86_131, 3, TODAY)
    with pytest.MonkeyPatch.context() as patch, guarded(folder, patch) as found:
        yield Served(found, made)


@pytest.fixture(scope="module")
def partner(served: Served) -> Any:
    """Return a client that shows the token of a link with downloads."""
    return served.bearing(served.link()[1])


@pytest.fixture
def viewer(served: Served) -> Any:
    return served.server.client("viewer")


Client = Callable[..., Any]
