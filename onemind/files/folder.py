"""Files in a folder: of this computer, or of a disk that several share."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from onemind.errors import NotWritable


def sync(path: Path) -> None:
    """Have a file's content, or a folder's names, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class FolderFiles:
    """Files of one kind in a folder, which is made when it is first needed."""

    folder: Path

    def put(self, name: str, content: Path | bytes) -> None:
        """Keep a file or bytes; raises NotWritable where the folder can't be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".tmp", delete=False) as copy:
                try:
                    with (
                        io.BytesIO(content)
                        if isinstance(content, bytes)
                        else content.open("rb") as source
                    ):
                        shutil.copyfileobj(source, copy)
                    copy.flush()
                    os.fsync(copy.fileno())
                    Path(copy.name).chmod(0o644)
                    Path(copy.name).replace(self.folder / name)
                except BaseException:
                    Path(copy.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise NotWritable.of(error) from error

    def path(self, name: str) -> Path:
        """Return where a file is, or would be."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self.path(name).exists()

    def remove(self, name: str) -> None:
        """Remove a file; none of that name is fine."""
        self.path(name).unlink(missing_ok=True)

    def mirror(self) -> Path:
        """Return the folder itself."""
        return self.folder
