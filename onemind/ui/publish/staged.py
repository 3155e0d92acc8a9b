"""The upload in progress: kept beside the store, so that a reload or restart loses nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import streamlit as st

from onemind import ingest, publishing, runtime, ui
from onemind.appdb import Staged
from onemind.files import Files, files_of

CHOICES: dict[str, Any] = {
    "mode": "update", "skip": False, "shrink": False,
    "datasets": {}, "renames": {}, "constants": {}, "names": {}, "sheets": [],
    "shape": "", "dates": {}, "words": {}, "rows": {}, "hidden": "", "pseudonyms": False,
    "practice": False,
}  # fmt: skip


SAID = ("shape", "constants", "dates", "words", "rows", "names", "hidden")


def files() -> Files:
    """Return what holds the files that wait, each named by its content."""
    return files_of(runtime.store().settings, "staged")


def current() -> Staged | None:
    """Return the upload that waits for whoever is here, if its files are still there."""
    for upload in runtime.appdb().staged(ui.visitor.user().name):
        if all(files().path(file["sha256"]).exists() for file in upload.files):
            return upload
    return None


def add(given: list[tuple[str, bytes]]) -> None:
    """Add files to the upload in progress; one of the same name takes the other's place."""
    before = current()
    kept = {file["name"]: file for file in before.files} if before else {}
    for name, content in given:
        digest = hashlib.sha256(content).hexdigest()
        if not files().has(digest):
            files().put(digest, content)
        lines = content.count(b"\n")
        kept[name] = {"name": name, "sha256": digest, "size": len(content), "lines": lines}
    _keep(before, tuple(kept.values()), before.choices if before else CHOICES)


def remove(upload: Staged, name: str) -> None:
    """Take a file out of the upload; the last one ends it."""
    rest = tuple(file for file in upload.files if file["name"] != name)
    if rest:
        _keep(upload, rest, upload.choices)
    else:
        discard(upload)


def choose(upload: Staged, **choices: Any) -> Staged:
    """Keep choices made for the upload."""
    return _keep(upload, upload.files, {**upload.choices, **choices})


def button(
    upload: Staged,
    text: str,
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    key: str | None = None,
    **choices: Any,
) -> None:
    """Draw a button that keeps choices for the upload, and then draws the page anew."""
    if st.button(text, key=key, type=kind):
        choose(upload, **choices)
        st.rerun()


def discard(upload: Staged) -> None:
    """Forget the upload and its files, unless another one waits with the same."""
    runtime.appdb().unstage(upload.id)
    needed = {file["sha256"] for other in runtime.appdb().staged() for file in other.files}
    for file in upload.files:
        if file["sha256"] not in needed:
            files().remove(file["sha256"])


def _keep(before: Staged | None, files: tuple[dict[str, Any], ...], choices: Any) -> Staged:
    now = datetime.now(UTC)
    return runtime.appdb().stage(
        ui.visitor.user().name, files, choices, now, before.id if before else None
    )


def uploads(upload: Staged) -> list[ingest.Upload]:
    """Return the files as ingest takes them."""
    return [ingest.Upload(files().path(file["sha256"]), file["name"]) for file in upload.files]


def options(upload: Staged) -> publishing.Options:
    """Return the choices as ingest takes them."""
    chosen = {**CHOICES, **upload.choices}
    return replace(
        publishing.Options(runtime.today()),
        mode=chosen["mode"],
        skip_bad_rows=chosen["skip"],
        allow_shrink=chosen["shrink"],
        datasets=chosen["datasets"],
        reading=ingest.Reading.of(
            {name: chosen[name] for name in SAID} | {"columns": chosen["renames"]}
        ),
        sheets=tuple(chosen["sheets"]),
        practice=chosen["practice"],
    )
