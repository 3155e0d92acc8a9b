"""A table as the bytes that are asked for: its form, its headers, and the way to the next rows."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import Response

from onemind import __version__, metrics
from onemind.server.api.parameters import CSV, JSON, PARQUET, Given
from onemind.server.api.resources import Asked, Table

MEDIA_TYPES = {
    JSON: "application/json",
    CSV: "text/csv",
    PARQUET: "application/vnd.apache.parquet",
}
BASE = "/api/v1"
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}


def form(given: Given, headers: Headers) -> str | None:
    """Return the form that is asked for, by `format` or the Accept header; None for none of ours.

    The one that is wanted most goes first; JSON where there is no choice.
    """
    if named := given["format"]:
        return str(named)
    best, most = None, 0.0
    for part in headers.get("accept", "*/*").split(","):
        kind, _, more = part.partition(";")
        weight = _weight(more)
        if weight > most and (fitting := _fitting(kind.strip().lower())):
            best, most = fitting, weight
    return best


def _weight(more: str) -> float:
    for item in more.split(";"):
        name, _, number = item.partition("=")
        if name.strip() == "q":
            try:
                return float(number)
            except ValueError:
                return 0.0
    return 1.0


def _fitting(kind: str) -> str | None:
    for name, media in MEDIA_TYPES.items():
        if kind in (media, "*/*", f"{media.split('/')[0]}/*"):
            return name
    return None


def tag(asked: Asked, path: str, form: str) -> str:
    """Return what differs whenever the answer may: version, sight, day and question."""
    store, version, newest = asked.window.store, asked.version, asked.window.current()
    seen = asked.user.sight
    parts = (
        *(__version__, path, form, asked.given.pairs(), asked.today, seen, asked.user.role),
        *(asked.user.pages, version and (version.number, version.published_at)),
        *(newest and newest.number, store.rules),
    )
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def is_known(headers: Headers, tag: str) -> bool:
    """Whether who asks has this answer already."""
    return tag in (item.strip() for item in headers.get("if-none-match", "").split(","))


def headers(asked: Asked, tag: str) -> dict[str, str]:
    """Return what every answer carries."""
    as_of = asked.given["as_of"] or asked.today
    version = {"X-Version": str(asked.number)} if asked.number else {}
    return {**PRIVATE, "ETag": tag, "X-As-Of": as_of.isoformat(), **version}


def response(asked: Asked, path: str, form: str, table: Table, given: dict[str, str]) -> Response:
    """Return the answer."""
    name = path.removeprefix(f"{BASE}/").replace("/", "-")
    content = _content(asked, name, form, table)
    more = {"X-Total-Count": str(table.total)}
    if links := _links(asked, path, table):
        more["Link"] = links
    if form != JSON:
        stem = f"{name}-version-{asked.number or 0}-{given['X-As-Of']}"
        plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in stem)
        file = f"{plain.encode('ascii', 'replace').decode().replace('?', '_')}.{form}"
        more["Content-Disposition"] = f'attachment; filename="{file}"'
    kind = f"{MEDIA_TYPES[form]}; charset=utf-8" if form == CSV else MEDIA_TYPES[form]
    return Response(content, media_type=kind, headers=given | more)


def _content(asked: Asked, name: str, form: str, table: Table) -> bytes:
    names = [column.name for column in table.columns]
    if form == PARQUET:
        about = {"title": name, "version": str(asked.number or 0), "as_of": str(asked.today)}
        return metrics.export.to_parquet(table.columns, table.rows, about)
    if form == CSV:
        return metrics.export.to_csv(names, table.rows).encode()
    records = [dict(zip(names, row, strict=True)) for row in table.rows]
    return metrics.export.to_json(table.record or records, None).encode()


def _links(asked: Asked, path: str, table: Table) -> str:
    """Return the ways to other rows; they name version and day, so that no row moves meanwhile."""
    limit, offset = asked.given["limit"], asked.given["offset"]
    if limit is None or (offset == 0 and table.total <= limit):
        return ""
    places = {"first": 0}
    if offset:
        places["prev"] = max(0, offset - limit)
    if offset + limit < table.total:
        places["next"] = offset + limit
    return ", ".join(
        f'<{path}?{urlencode(_moved(asked, place))}>; rel="{relation}"'
        for relation, place in places.items()
    )


def _moved(asked: Asked, offset: int) -> list[tuple[str, str]]:
    pinned = {"offset": str(offset)}
    if asked.number and "version" in asked.given.names:
        pinned["version"] = str(asked.number)
    if "as_of" in asked.given.names:
        pinned["as_of"] = str(asked.given["as_of"] or asked.today)
    return [*((name, text) for name, text in asked.given.pairs() if name not in pinned),
            *pinned.items()]  # fmt: skip
