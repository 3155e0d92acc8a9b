"""The API described as OpenAPI 3.1, from the very declarations that answer and count."""

from __future__ import annotations

from functools import cache
from typing import Any

from onemind import __version__
from onemind.campaign import DATASETS, contract
from onemind.metrics.export import Column, of_dataset
from onemind.server.api.answers import BASE, MEDIA_TYPES
from onemind.server.api.parameters import CSV, JSON, LONGEST, PARQUET, Parameter
from onemind.server.api.resources import RESOURCES, Resource, declared

Schema = dict[str, Any]
ABOUT = (
    "What the pages count, for programs: read-only, in the same sight. Sign in by the session of "
    "the dashboard, or with the token of a share link that allows downloads. Send the token as a "
    "bearer, or as the password of HTTP Basic under any name. A token in the address is refused. "
    "Pages of other sites can't read answers in a browser: nothing is said of CORS."
)
TYPES: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
PROBLEMS = {
    "401": "Nobody is signed in, or there is no link with the token.",
    "403": "The role, or the link, does not allow this.",
    "404": "There is no such version, department, number or dataset in sight.",
    "405": "Only GET, HEAD and OPTIONS are possible.",
    "406": "Only JSON, CSV and Parquet can be had.",
    "409": "A version came meanwhile, and only the newest is in sight.",
    "410": "The link has ended.",
    "422": "A parameter is unknown, or its value is wrong.",
    "429": "Too many unknown tokens came from the address.",
    "500": "Something went wrong here.",
    "503": "The data can't be read now, or it took too long.",
}
PROBLEM: Schema = {
    "type": "object",
    "description": "What is wrong, as RFC 9457 says.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "version": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
HEADERS: dict[str, Schema] = {
    "ETag": {"description": "Send it as If-None-Match: 304 says that nothing changed."},
    "X-Version": {"description": "The version that was read."},
    "X-As-Of": {"description": "The day that it is about."},
    "X-Total-Count": {"description": "How many rows there are in all."},
    "Link": {"description": "Where the first, previous and next rows are."},
}


@cache
def description() -> Schema:
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "One Mind Campaign", "version": __version__, "description": ABOUT},
        "servers": [{"url": BASE}],
        "security": [{"link": []}, {"basic": []}, {"session": []}],
        "paths": {f"/{item.path}": {"get": _operation(item)} for item in RESOURCES},
        "components": {
            "securitySchemes": {
                "link": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
                "session": {"type": "apiKey", "in": "cookie", "name": "onemind_session"},
            },
            "schemas": {
                "problem": PROBLEM,
                **{f"dataset_{name}": row(of_dataset(name)) for name in DATASETS},
            },
        },
    }


def row(columns: tuple[Column, ...]) -> Schema:
    """Return the schema of one row in JSON."""
    return {
        "type": "object",
        "required": [column.name for column in columns if column.required],
        "properties": {column.name: _value(column) for column in columns},
    }


def _value(column: Column) -> Schema:
    schema = TYPES[column.type] | {"description": column.description}
    return schema if column.required else schema | {"type": [schema["type"], "null"]}


def _operation(resource: Resource) -> Schema:
    return {
        "operationId": resource.path.replace("/", "_").replace("{", "").replace("}", ""),
        "summary": resource.title,
        "description": resource.description,
        "parameters": [
            *(_parameter(item, "path") for item in resource.places),
            *(_parameter(item, "query") for item in declared(resource)),
        ],
        "responses": {
            "200": {
                "description": resource.description,
                "headers": {name: {**said, "schema": TYPES["string"]}
                            for name, said in HEADERS.items()},
                "content": _content(resource),
            },
            "304": {"description": "Nothing changed since the ETag."},
            **{status: _problem(words) for status, words in PROBLEMS.items()},
        },
    }  # fmt: skip


def _problem(words: str) -> Schema:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _content(resource: Resource) -> Schema:
    return {
        MEDIA_TYPES[JSON]: {"schema": _body(resource)},
        MEDIA_TYPES[CSV]: {"schema": {"type": "string"}},
        MEDIA_TYPES[PARQUET]: {"schema": {"type": "string", "format": "binary"}},
    }


def _body(resource: Resource) -> Schema:
    if resource.path == "departments/{id}":
        parts = {"type": "object", "required": ["department", "progress"]}
        return parts | {"properties": {"progress": row(resource.columns)}}
    if resource.columns:
        return {"type": "array", "items": row(resource.columns)}
    rows = [{"$ref": f"#/components/schemas/dataset_{contract(name).name}"} for name in DATASETS]
    return {"type": "array", "items": {"anyOf": rows}}


def _parameter(item: Parameter, place: str) -> Schema:
    schema: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    if item.kind == "integer":
        schema = {"type": "integer", "minimum": item.least, "maximum": item.most}
    elif item.kind == "date":
        schema = dict(TYPES["date"])
    elif item.values:
        schema = {"type": "string", "enum": list(item.values)}
    if item.default is not None:
        schema["default"] = item.default
    if item.repeated:
        schema = {"type": "array", "items": schema}
    shared = {"name": item.name, "in": place, "description": item.description, "schema": schema}
    if place == "path":
        return shared | {"required": True}
    return shared | ({"style": "form", "explode": True} if item.repeated else {})
