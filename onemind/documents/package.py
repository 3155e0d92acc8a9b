"""A Data Package (version 2): what files of data hold, for programs, made from the contracts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from onemind.campaign import Contract, Field, Rules, contract
from onemind.documents.citation import Citation
from onemind.documents.workbook import choices

PROFILE = "https://datapackage.org/profiles/2.0/{}.json"
NOTE = (
    "Yes and no are written as words, and what is unknown is blank. A text that begins like a "
    "formula has an apostrophe in front, which an upload takes away again."
)


def described(
    citation: Citation, moment: str, files: Mapping[str, bytes], rules: Rules
) -> dict[str, Any]:
    """Return the package's description: `files` are CSVs by dataset, `moment` their publish."""
    address = {"homepage": citation.address} if citation.address else {}
    return {
        "$schema": PROFILE.format("datapackage"),
        "name": "one-mind-campaign",
        "title": citation.title,
        "description": NOTE,
        **address,
        "version": str(citation.version),
        "created": moment,
        "resources": [
            _resource(contract(name), content, set(files), rules) for name, content in files.items()
        ],
    }


def _resource(parsed: Contract, content: bytes, datasets: set[str], rules: Rules) -> dict[str, Any]:
    return {
        "name": parsed.name,
        "type": "table",
        "path": f"{parsed.name}.csv",
        "title": parsed.title,
        "description": parsed.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema(parsed, datasets, rules),
    }


def schema(parsed: Contract, datasets: set[str], rules: Rules) -> dict[str, Any]:
    """Return a dataset's Table Schema; foreign keys are to those datasets that are with it."""
    keys = [
        {
            "fields": [key.field],
            "reference": {"resource": key.dataset, "fields": [key.field]},
        }
        for key in parsed.foreign_keys
        if key.dataset in datasets
    ]
    return {
        "$schema": PROFILE.format("tableschema"),
        "fields": [_field(field, rules) for field in parsed.fields],
        "primaryKey": list(parsed.key),
        **({"foreignKeys": keys} if keys else {}),
        "missingValues": [""],
    }


def _field(field: Field, rules: Rules) -> dict[str, Any]:
    words = {"trueValues": ["yes"], "falseValues": ["no"]} if field.type == "boolean" else {}
    limits = _limits(field, rules)
    return {
        "name": field.name,
        "type": field.type,
        "title": field.title,
        "description": field.description,
        **words,
        **({"constraints": limits} if limits else {}),
    }


def _limits(field: Field, rules: Rules) -> dict[str, Any]:
    """What each value is: those of an open vocabulary, such as states elsewhere, may be others."""
    closed = [item.value for item in choices(field, rules)] if field.type == "string" else []
    limits = {
        "required": field.required or None,
        "enum": closed if closed and field.vocabulary != "states" else None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "maxLength": field.max_length,
    }
    return {name: value for name, value in limits.items() if value is not None}
