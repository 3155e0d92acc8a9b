"""What is posted: for Slack, for Teams, or as plain JSON with a signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

KINDS = ("json", "slack", "teams")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>])")


def body(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Return the body of a kind: `facts` has a `text`, a `link` ("" for none), and the rest."""
    text, link = str(facts["text"]), str(facts["link"])
    content: Mapping[str, Any]
    if kind == "slack":
        content = {"text": _slack(text) + (f"\n<{link}|Open the dashboard>" if link else "")}
    elif kind == "teams":
        content = _teams(text, link)
    else:
        content = facts
    return json.dumps(content, ensure_ascii=False).encode()


def _slack(text: str) -> str:
    """Escape what Slack would read as a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(text: str, link: str) -> dict[str, Any]:
    lines = [_MARKDOWN.sub(r"\\\1", line) for line in text.split("\n")]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": line, "wrap": True} for line in lines],
    }
    if link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the dashboard", "url": link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def signature(key: str, timestamp: int, content: bytes) -> str:
    """Return the signature of a body: HMAC-SHA256 over the timestamp, a dot and the body."""
    signed = hmac.digest(key.encode(), f"{timestamp}.".encode() + content, hashlib.sha256)
    return f"sha256={signed.hex()}"
