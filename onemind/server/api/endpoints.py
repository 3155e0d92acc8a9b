"""From a request to its answer: read, counted in a thread, within a time; told as problems.

The guard has let in whoever asks (`guard.rules`), by a session or a link's token. At most THREADS
questions are counted at a time, so that programs leave pages their turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from onemind import runtime
from onemind.access import VERSIONS, User
from onemind.errors import (
    DataMoved,
    NotAllowed,
    NotPossibleNow,
    OneMindError,
    WrongParameters,
    WrongUse,
)
from onemind.server.api import answers, openapi, page
from onemind.server.api.noted import NOTED
from onemind.server.api.parameters import read
from onemind.server.api.resources import RESOURCES, Asked, Resource, declared, refuse
from onemind.server.exchange import problem
from onemind.store import Version, Window

THREADS, SECONDS = 4, 60.0
ALLOWED = "GET, HEAD, OPTIONS"
NOTHING = "There is nothing at this address. /api/v1/ lists what there is."
NONE_SUCH = "There is nothing of that name or number in what you may see."
NO_FORM = "Only JSON, CSV and Parquet can be had. Set 'format' to json, csv or parquet."
TOO_LONG = "This took longer than a minute. Ask for fewer rows, or try again later."
AHEAD = "look at days to come"
_LINES: dict[asyncio.AbstractEventLoop, CapacityLimiter] = {}
Endpoint = Callable[[Request], Awaitable[Response]]


def answered(resource: Resource, request: Request, user: User) -> Response:
    """Return the answer to a request, or the problem with it."""
    try:
        return _answered(resource, request, user)
    except WrongParameters as error:
        faults = [{"parameter": name, "detail": text} for name, text in error.faults.items()]
        return problem(422, str(error), errors=faults)
    except NotAllowed as error:
        return problem(403, str(error))
    except DataMoved as error:
        return problem(409, str(error), version=error.current)
    except NotPossibleNow as error:
        return problem(503, str(error), {"Retry-After": "30"})
    except OneMindError as error:
        return problem(404 if isinstance(error, WrongUse) else 500, str(error))


def _answered(resource: Resource, request: Request, user: User) -> Response:
    given = read(declared(resource), request.query_params.multi_items())
    window, today = Window(runtime.store(), user.sight), runtime.today()
    path = _path(resource, request)
    if path is None:
        return problem(404, NONE_SUCH)
    if given["as_of"] and given["as_of"] > today and not user.may(VERSIONS):
        raise NotAllowed(AHEAD)
    asked = Asked(user, window, _version(user, window, given["version"]), today, path, given)
    refuse(resource, asked)
    form = answers.form(given, request.headers)
    if form is None:
        return problem(406, NO_FORM)
    tag = answers.tag(asked, request.url.path, form)
    headers = answers.headers(asked, tag)
    if answers.is_known(request.headers, tag):
        return Response(status_code=304, headers=headers)
    table = resource.answer(asked)
    if table is None:
        return problem(404, NONE_SUCH)
    NOTED.note(runtime.appdb(), request.scope["onemind"]["caller"].ip, user, request.url.path)
    return answers.response(asked, request.url.path, form, table, headers)


def _version(user: User, window: Window, number: int | None) -> Version | None:
    """Return the version asked for; whoever sees one alone is told when it is not that one."""
    current = window.current()
    if number is None or (current and current.number == number):
        return current
    older = current is not None and number < current.number
    if older and user.version is None and not user.may(VERSIONS):
        raise DataMoved(current.number if current else 0)
    return window.version(number)


def _path(resource: Resource, request: Request) -> dict[str, Any] | None:
    """Return what the path names; None where there can be none such."""
    try:
        return {item.name: item.read(request.path_params[item.name]) for item in resource.places}
    except ValueError:
        return None


def _endpoint(resource: Resource) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        user = request.scope["onemind"]["user"]
        if request.method == "OPTIONS":
            return _options()
        work = asyncio.ensure_future(
            to_thread.run_sync(answered, resource, request, user, limiter=_line())
        )
        try:
            return await asyncio.wait_for(asyncio.shield(work), SECONDS)
        except TimeoutError:  # the thread goes on to its end, in the place that it has
            return problem(503, TOO_LONG, {"Retry-After": "60"})

    return endpoint


def _line() -> CapacityLimiter:
    """Return the places for questions that are counted at a time."""
    loop = asyncio.get_running_loop()
    if loop not in _LINES:
        _LINES.clear()
        _LINES[loop] = CapacityLimiter(THREADS)
    return _LINES[loop]


def _options() -> Response:
    """Say what can be done; no other site's page may read an answer, so nothing of CORS."""
    return Response(status_code=204, headers={"Allow": ALLOWED, "Cache-Control": "no-store"})


async def described(request: Request) -> Response:
    """Hand out the description of the API."""
    if request.method == "OPTIONS":
        return _options()
    return JSONResponse(openapi.description(), headers=answers.PRIVATE)


async def shown(request: Request) -> Response:
    """Show the description of the API to whoever reads it."""
    return _options() if request.method == "OPTIONS" else page.shown()


async def whole(request: Request) -> Response:
    """Send whoever leaves out the last stroke to the page."""
    return _options() if request.method == "OPTIONS" else RedirectResponse("/api/v1/", 308)


async def nothing(request: Request) -> Response:
    """Say that there is nothing at this address."""
    return problem(404, NOTHING)


METHODS = ["GET", "HEAD", "OPTIONS"]
routes = [
    Route("/api/v1", whole, methods=METHODS),
    Route("/api/v1/", shown, methods=METHODS),
    Route("/api/v1/openapi.json", described, methods=METHODS),
    *(Route(f"{answers.BASE}/{item.path}", _endpoint(item), methods=METHODS) for item in RESOURCES),
    Route("/api/v1/{path:path}", nothing, methods=METHODS),
]
