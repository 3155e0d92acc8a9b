"""Backups taken apart and put together again, changed: what a fault or an attacker would do."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LIST, PROOF = "manifest.json", "manifest.json.sha256"


@dataclass
class Loose:
    """A backup's members in order, each changeable; the list among them is `manifest`."""

    manifest: dict[str, Any]
    members: dict[str, bytes]
    kinds: dict[str, bytes] = field(default_factory=dict)  # of a member that is no plain file
    proven: bool = True

    def entry(self, start: str) -> dict[str, Any]:
        """Return what the list says of the first file whose name begins so."""
        return next(item for item in self.manifest["files"] if item["name"].startswith(start))

    def member(self, start: str) -> str:
        """Return the name in the archive of that file."""
        entry = self.entry(start)
        return f"{entry['name']}.gz" if entry["packed"] else str(entry["name"])

    def put(self, start: str, content: bytes) -> None:
        """Replace a file's content, and what the list says of it: an honest list of a bad file."""
        entry, name = self.entry(start), self.member(start)
        stored = gzip.compress(content) if entry["packed"] else content
        entry |= {
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "stored": len(stored),
        }
        self.members[name] = stored

    def content(self, start: str) -> bytes:
        """Return a file's content, unpacked."""
        stored = self.members[self.member(start)]
        return gzip.decompress(stored) if self.entry(start)["packed"] else stored


def loosened(path: Path) -> Loose:
    """Take a backup apart."""
    with tarfile.open(path) as tar:
        members = {item.name: tar.extractfile(item).read() for item in tar}  # type: ignore[union-attr]
    manifest = json.loads(members.pop(LIST))
    del members[PROOF]
    return Loose(manifest, members)


def put_together(loose: Loose, path: Path) -> Path:
    """Write a backup of what is there now."""
    content = json.dumps(loose.manifest).encode()
    content = content.ljust(-(-len(content) // 512) * 512)
    proof = f"{hashlib.sha256(content).hexdigest()}  {LIST}\n".encode()
    if not loose.proven:
        proof = proof.replace(proof[:8], b"0" * 8)
    with path.open("wb") as file:
        for name, body in {LIST: content, PROOF: proof, **loose.members}.items():
            info = tarfile.TarInfo(name)
            info.type = loose.kinds.get(name, tarfile.REGTYPE)
            info.linkname = "/etc/passwd" if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            info.size = len(body)
            file.write(info.tobuf(tarfile.GNU_FORMAT))
            file.write(body.ljust(-(-len(body) // 512) * 512, b"\0"))
        file.write(bytes(1024))
    return path


def changed(path: Path, target: Path, change: Callable[[Loose], None]) -> Path:
    """Write a copy of a backup with a change."""
    loose = loosened(path)
    change(loose)
    return put_together(loose, target)


def foreign(target: Path) -> Path:
    """Write a tar of somebody else."""
    with tarfile.open(target, "w") as tar:
        info = tarfile.TarInfo("notes.txt")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    return target
