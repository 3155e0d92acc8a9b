"""Any store of a test over PostgreSQL and a bucket instead: `make test-hosted` turns it on.

Each store folder then has a database and a bucket of its own, on servers that this process starts
when they are first needed and stops at its end.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.servers import PostgreSQL, Storage

ON = os.environ.get("ONEMIND_TEST_HOSTED") == "1"


def place(store: Path) -> dict[str, Any]:
    """Return the settings of a store's hosted place; none where this is not on."""
    return _place(store.resolve()) if ON else {}


def environment(store: Path) -> dict[str, str]:
    """Return the variables of a store's hosted place; none where this is not on."""
    if not ON:
        return {}
    found = place(store)
    bucket = found["bucket"]
    return {
        "ONEMIND_CATALOG": found["catalog"], "ONEMIND_DATA": bucket.address,
        "AWS_ACCESS_KEY_ID": bucket.key, "AWS_SECRET_ACCESS_KEY": bucket.secret,
        "AWS_ENDPOINT_URL": bucket.endpoint,
    }  # fmt: skip


@cache
def _place(store: Path) -> dict[str, Any]:
    postgres, s3 = _servers()
    return {"catalog": postgres.address(postgres.database()), "bucket": s3.bucket()}


@cache
def _servers() -> tuple[PostgreSQL, Storage]:
    from tests.support.servers import postgresql, storage

    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postgresql()), stack.enter_context(storage())
