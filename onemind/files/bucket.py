"""Files in a bucket, each fetched once into a folder of this computer."""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from onemind.errors import NotPossibleNow
from onemind.settings import Bucket

AGAIN = 10.0  # seconds until the bucket is asked again what it holds
PATIENCE = timedelta(seconds=20)  # for one request, with what is tried again
PIECE = 1 << 20  # bytes of one request that reads a part


@dataclass
class BucketFiles:
    """Files of one kind under a bucket's prefix; `cache` is where those fetched lie.

    Without a cache none is fetched, and nothing of this computer is touched.
    """

    bucket: Bucket
    kind: str = ""
    cache: Path | None = None
    _store: Any = field(default=None, init=False)
    _looked: float = field(default=float("-inf"), init=False)

    def put(self, name: str, content: Path | bytes) -> None:
        """Keep a file or bytes; raises NotPossibleNow where the bucket can't be reached."""
        import obstore

        with _reached(self.bucket):
            obstore.put(self._opened(), name, content)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of every file under the prefix, by name."""
        import obstore

        with _reached(self.bucket):
            return {
                item["path"]: item["size"] for page in obstore.list(self._opened()) for item in page
            }

    def size_of(self, name: str) -> int | None:
        """Return the bytes of a file; None where the bucket has none of that name."""
        import obstore

        with _reached(self.bucket):
            try:
                return obstore.head(self._opened(), name)["size"]
            except FileNotFoundError:
                return None

    def sum_of(self, name: str) -> str | None:
        """Return a file's SHA-256, read whole; None where the bucket has none of that name."""
        import obstore

        digest = hashlib.sha256()
        with _reached(self.bucket):
            try:
                for chunk in obstore.get(self._opened(), name):
                    digest.update(chunk)
            except FileNotFoundError:
                return None
        return digest.hexdigest()

    def opened(self, name: str) -> BinaryIO:
        """Open a file for reading, piece by piece; raises FileNotFoundError where there is none."""
        size = self.size_of(name)
        if size is None:
            raise FileNotFoundError(name)
        return io.BufferedReader(_Pieces(self, name, size), PIECE)

    def part(self, name: str, start: int, size: int) -> bytes:
        """Return bytes of a file."""
        import obstore

        with _reached(self.bucket):
            return bytes(obstore.get_range(self._opened(), name, start=start, length=size))

    def move(self, name: str, to: str) -> None:
        """Give a file another name."""
        import obstore

        with _reached(self.bucket):
            obstore.rename(self._opened(), name, to)

    def path(self, name: str) -> Path:
        """Return where a file was fetched to; there is none if the bucket has none."""
        target = self._folder / name
        if not target.exists():
            self._fetch(name, None)
        return target

    def has(self, name: str) -> bool:
        """Whether the bucket has a file of that name."""
        return self.size_of(name) is not None

    def remove(self, name: str) -> None:
        """Remove a file from the bucket and from this computer."""
        import obstore

        with _reached(self.bucket):
            obstore.delete(self._opened(), name)
        if self.cache:
            (self.cache / name).unlink(missing_ok=True)

    def mirror(self) -> Path:
        """Return the cache, brought up to what the bucket holds, every AGAIN seconds at most.

        While the bucket can't be reached, it is what was fetched last.
        """
        if time.monotonic() - self._looked > AGAIN:
            self._looked = time.monotonic()
            try:
                self._bring_up_to_date()
            except NotPossibleNow:
                self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def _bring_up_to_date(self) -> None:
        import obstore

        self._folder.mkdir(parents=True, exist_ok=True)
        with _reached(self.bucket):
            listed = {
                item["path"]: item["last_modified"].timestamp()
                for page in obstore.list(self._opened())
                for item in page
            }
        for path in self._folder.iterdir():
            if path.name not in listed and path.suffix != ".tmp":
                path.unlink(missing_ok=True)
        for name, changed in listed.items():
            path = self._folder / name
            if not path.exists() or path.stat().st_mtime != changed:
                self._fetch(name, changed)

    def _fetch(self, name: str, changed: float | None) -> None:
        import obstore

        self._folder.mkdir(parents=True, exist_ok=True)
        own = self._folder / f"{name}.{os.getpid()}.tmp"
        with _reached(self.bucket):
            try:
                with own.open("wb") as file:
                    for chunk in obstore.get(self._opened(), name):
                        file.write(chunk)
            except FileNotFoundError:
                own.unlink()
                return
        if changed is not None:
            os.utime(own, (changed, changed))
        own.replace(self._folder / name)

    @property
    def _folder(self) -> Path:
        assert self.cache is not None
        return self.cache

    def _opened(self) -> Any:
        """Return the bucket under the prefix of these files, opened when it is first needed."""
        if self._store is None:
            from obstore.store import S3Store

            prefix = "/".join(part for part in (self.bucket.prefix, self.kind) if part)
            self._store = S3Store(
                self.bucket.name, prefix=prefix, retry_config={"retry_timeout": PATIENCE},
                **_access(self.bucket),
            )  # fmt: skip
        return self._store


class _Pieces(io.RawIOBase):
    """A file in the bucket, of which only what is read is fetched."""

    def __init__(self, files: BucketFiles, name: str, size: int) -> None:
        self._files, self._name, self._size, self._at = files, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        buffer[:wanted] = self._files.part(self._name, self._at, wanted)
        self._at += wanted
        return wanted


def _access(bucket: Bucket) -> dict[str, Any]:
    given = {
        "access_key_id": bucket.key, "secret_access_key": bucket.secret,
        "session_token": bucket.token, "region": bucket.region, "endpoint": bucket.endpoint,
    }  # fmt: skip
    return {
        **{name: value for name, value in given.items() if value},
        "virtual_hosted_style_request": not bucket.endpoint,
        "client_options": {"allow_http": bucket.endpoint.startswith("http://")},
    }


@contextmanager
def _reached(bucket: Bucket) -> Iterator[None]:
    """Say which bucket can't be reached, where it can't."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise NotPossibleNow(
            f"The bucket {bucket.name} can't be reached. Nothing was changed. "
            "Check the network and the keys, then try again."
        ) from error
