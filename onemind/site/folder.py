"""A site in a folder: only what differs is written, what is gone is removed, and nothing else.

A manifest in the folder names each file with its key and digest. It is written first, so that a
build that was interrupted can go on. Each file takes the place of the old one at once: a reader
sees the old page or the new one, never half of it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from onemind.errors import NotPossibleNow, WrongUse
from onemind.site.edition import Edition
from onemind.site.plan import File, planned, rendered

MANIFEST = "manifest.json"
LARGE = 500_000  # bytes
SMALLER = (".html", ".js", ".css")  # files that are kept compressed, too
MADE_BY = "One Mind Campaign dashboard"
Entries = dict[str, dict[str, str]]  # by path: key, sha256


@dataclass(frozen=True)
class Built:
    """What a build did: how many files there are, were written, stayed and were removed."""

    files: int
    written: int = 0
    kept: int = 0
    removed: int = 0
    bytes: int = 0

    def record(self) -> dict[str, Any]:
        """Return it as a plain dict for JSON."""
        return vars(self)


def build(edition: Edition, folder: Path) -> Built:
    """Write a site into a folder that is empty, new, or a site already.

    Raises WrongUse for another folder, NotPossibleNow when it can't be written or when somebody
    published meanwhile.
    """
    try:
        return _built(edition, folder)
    except OSError as error:
        raise NotPossibleNow(f"{folder} can't be written: {error.strerror}.") from error


def _built(edition: Edition, folder: Path) -> Built:
    old, plan = entries(folder), planned(edition)
    known = {path: old[path] for path in plan if _stands(folder, path, plan[path], old)}
    folder.mkdir(parents=True, exist_ok=True)
    unsure = {path: {"key": "", "sha256": ""} for path in plan if path not in known}
    if unsure:
        _write_manifest(folder, edition, old | unsure)
    built = Built(len(plan), kept=len(known))
    for path, content in rendered(edition, plan.keys() - known.keys()):
        if not edition.is_steady:
            raise NotPossibleNow(
                f"Somebody published after version {edition.version.number} while its site was "
                "being made. Make the site again."
            )
        built = _put(folder, path, content, old.get(path, {}).get("sha256"), built)
        known[path] = {"key": plan[path].key, "sha256": hashlib.sha256(content).hexdigest()}
    _write_manifest(folder, edition, known)
    gone = old.keys() - plan.keys()
    for path in gone:
        _remove(folder, path)
    return replace(built, removed=len(gone))


def entries(folder: Path) -> Entries:
    """Return what the manifest of a folder names; nothing for an empty or new folder.

    Raises WrongUse for a folder that holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise WrongUse(f"{folder} is a file. Name a folder for the site.")
    names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if not names:
        return {}
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        listed = {str(path): dict(entry) for path, entry in manifest["files"].items()}
        is_ours = manifest["made_by"] == MADE_BY
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        is_ours, listed = False, {}
    if not is_ours or any(not _is_inside(path) for path in listed):
        raise WrongUse(
            f"{folder} holds '{names[0]}' and is not a site that was made here. Name an empty "
            "folder: files of yours would be mixed up with those of the site."
        )
    return listed


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _stands(folder: Path, path: str, file: File, old: Entries) -> bool:
    """Whether a file is there already, made of the same."""
    if old.get(path, {}).get("key") != file.key:
        return False
    return all(item.is_file() for item in _copies(folder, path))


def _copies(folder: Path, path: str) -> list[Path]:
    plain = folder / path
    return [plain, _compressed(plain)] if plain.suffix in SMALLER else [plain]


def _compressed(path: Path) -> Path:
    return path.with_name(f"{path.name}.gz")


def _put(folder: Path, path: str, content: bytes, before: str | None, built: Built) -> Built:
    """Write a file unless its content is what it was."""
    copies = _copies(folder, path)
    same = hashlib.sha256(content).hexdigest() == before
    if same and all(item.is_file() for item in copies):
        return replace(built, kept=built.kept + 1)
    for copy in copies:
        _write(copy, zipped(content) if copy.suffix == ".gz" else content)
    return replace(built, written=built.written + 1, bytes=built.bytes + len(content))


def zipped(content: bytes) -> bytes:
    """Return a content compressed; that of large files, which all sites have, is kept."""
    return _zipped_once(content) if len(content) > LARGE else gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=4)
def _zipped_once(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _write_manifest(folder: Path, edition: Edition, files: Entries) -> None:
    about = {
        "made_by": MADE_BY,
        "version": edition.version.number,
        "as_of": edition.as_of.isoformat(),
        "scope": edition.scope.text(),
        "files": dict(sorted(files.items())),
    }
    _write(folder / MANIFEST, json.dumps(about, indent=1).encode() + b"\n")


def _remove(folder: Path, path: str) -> None:
    for copy in _copies(folder, path):
        copy.unlink(missing_ok=True)
    parent = (folder / path).parent
    if parent != folder and parent.is_dir() and not any(parent.iterdir()):
        parent.rmdir()
