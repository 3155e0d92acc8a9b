"""Whatever fits the OpenAPI description is answered as it says, and what does not is refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from onemind.server.api import openapi
from onemind.server.api.resources import RESOURCES
from tests.server.api.conftest import Served

EXAMPLES = 8  # of each address, right and wrong ones
UNHURRIED = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
    phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def asked_by(served: Served) -> dict[str, str]:
    return {"Authorization": f"Bearer {served.link()[1]}"}


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", [item.path for item in RESOURCES])
def test_every_address_is_as_it_is_described(
    served: Served, asked_by: dict[str, str], path: str, mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_dict(openapi.description())
    described.app = served.server.app
    operation = described[f"/{path}"]["GET"]
    if mode is GenerationMode.NEGATIVE and not list(operation.query):
        return

    @UNHURRIED
    @given(case=operation.as_strategy(generation_mode=mode))
    def is_as_described(case: Any) -> None:
        case.call_and_validate(headers=asked_by)

    is_as_described()
