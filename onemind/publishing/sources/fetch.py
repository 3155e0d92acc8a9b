"""Fetching a file over https: from hosts that were allowed, and never from a private address.

A redirect is a new address, and is checked as the first was.
"""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin

from onemind.errors import NotPossibleNow
from onemind.publishing.sources.reach import AGENT, Allowance, connected

REDIRECTS, SECONDS, CHUNK = 5, 60.0, 1 << 16
NAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)
KINDS = {
    "text/csv": ".csv", "application/json": ".json", "text/html": ".html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls", "application/zip": ".zip",
}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched: its name and its ETag; no path where it is as it was."""

    name: str
    path: Path | None
    etag: str


def fetch(url: str, allowance: Allowance, folder: Path, most: int, etag: str = "") -> Fetched:
    """Fetch a file into `folder`, of at most `most` bytes and within SECONDS.

    Raises WrongUse where the address may not be asked, NotPossibleNow where it gives no file.
    """
    until = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        parts = allowance.prove(url)
        connection = connected(parts, allowance, until)
        try:
            answer = _asked(connection, parts, etag)
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.getheader("Location") or "")
                continue
            if answer.status == 304:
                return Fetched(_name(parts, answer), None, etag)
            if answer.status != 200:
                raise NotPossibleNow(f"{parts.hostname} answers {answer.status} {answer.reason}.")
            path = folder / "fetched"
            _write(answer, path, most, until, str(parts.hostname))
            return Fetched(_name(parts, answer), path, answer.getheader("ETag") or "")
        except (OSError, http.client.HTTPException) as error:
            raise NotPossibleNow(f"{parts.hostname} can't be asked: {error}.") from error
        finally:
            connection.close()
    raise NotPossibleNow(f"{url} sends one on more than {REDIRECTS} times.")


def _asked(
    connection: http.client.HTTPConnection, parts: SplitResult, etag: str
) -> http.client.HTTPResponse:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    connection.request("GET", target, headers=headers | ({"If-None-Match": etag} if etag else {}))
    return connection.getresponse()


def _write(
    answer: http.client.HTTPResponse, path: Path, most: int, until: float, host: str
) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := answer.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise NotPossibleNow(f"{host} sends more than {most / 1e6:,.0f} MB.")
            if time.monotonic() > until:
                raise NotPossibleNow(f"{host} takes longer than {SECONDS:.0f} seconds.")
            file.write(chunk)


def _name(parts: SplitResult, answer: http.client.HTTPResponse) -> str:
    """What to call the file: as the answer says, else the end of its address."""
    said = NAME.search(answer.getheader("Content-Disposition") or "")
    name = unquote(said[1]) if said else unquote(parts.path.rsplit("/", 1)[-1])
    name = re.sub(r"[^\w.,()\- ]", "_", name).strip(" .")[:120] or str(parts.hostname)
    kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return name if Path(name).suffix else f"{name}{KINDS.get(kind, '.csv')}"
