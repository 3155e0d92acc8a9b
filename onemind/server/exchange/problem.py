"""What is wrong, for programs: `application/problem+json` as RFC 9457 says."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
CHALLENGES = 'Bearer realm="One Mind Campaign", Basic realm="One Mind Campaign", charset="UTF-8"'


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """Return an answer that says what is wrong and what to do; `more` goes in beside it."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    given = {"Cache-Control": "no-store", **(headers or {})}
    if status == 401:
        given["WWW-Authenticate"] = CHALLENGES
    return JSONResponse({**content, "detail": detail, **more}, status, given, MEDIA_TYPE)
