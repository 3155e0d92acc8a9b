"""What a backup says of itself: the first member of its archive, as JSON.

It is read from files of any origin: everything in it is proven before it is believed.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from onemind.errors import OneMindError

FORMAT, PRODUCT = 1, "One Mind Campaign dashboard"
# Names begin with no dot, so none leads out of the folder that the archive is unpacked into.
NAME = re.compile(
    r"(?:catalog|state)\.sqlite|(?:data|originals|boundaries|rules)(?:/[A-Za-z0-9_][\w.=-]*)+",
    re.ASCII,
)
LONGEST, LARGEST = 97, 1 << 50  # characters of a name, bytes of a file
SHA256 = re.compile(r"[0-9a-f]{64}")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class BackupRefused(OneMindError):
    """A backup is damaged, foreign or newer than this program, or is not what it says."""


@dataclass(frozen=True)
class Entry:
    """A file of the store: its bytes and their SHA-256, and its bytes in the archive (`stored`).

    Where it is `packed`, the archive holds it compressed by gzip.
    """

    name: str
    size: int
    sha256: str
    packed: bool
    stored: int

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"{self.name}.gz" if self.packed else self.name


@dataclass(frozen=True)
class Numbers:
    """How many rows of each dataset a version has; `published_at` in UTC, to the microsecond."""

    version: int
    published_at: str
    rows: dict[str, int]


@dataclass(frozen=True)
class Manifest:
    """A backup: when it was made, by which version, of which store, its numbers and its files.

    `schema` has the columns of each dataset.
    """

    made_at: datetime
    product_version: str
    store: str
    schema: dict[str, list[str]]
    versions: tuple[Numbers, ...] = ()
    files: tuple[Entry, ...] = ()

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 while there is none."""
        return self.versions[-1].version if self.versions else 0

    def to_json(self) -> bytes:
        """Write it, with the format and the product ahead of the rest."""
        record = {
            "format": FORMAT,
            "product": PRODUCT,
            "product_version": self.product_version,
            "made_at": f"{self.made_at:{MOMENT}}",
            "store": self.store,
            "newest": self.newest,
            "schema": self.schema,
            "versions": [asdict(item) for item in self.versions],
            "files": [asdict(item) for item in self.files],
        }
        return json.dumps(record, indent=1).encode("ascii")


def parsed(content: bytes, called: str) -> Manifest:
    """Read a manifest; raises BackupRefused, naming the backup, where it is not sound."""
    foreign = f"{called} is not a backup of this dashboard."
    try:
        record = json.loads(content)
        if record["product"] != PRODUCT:
            raise BackupRefused(foreign)
        if record["format"] != FORMAT:
            raise BackupRefused(
                f"{called} was made by a newer dashboard ({str(record['product_version'])[:20]}). "
                "Install that version, then restore it."
            )
        return _manifest(record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupRefused(foreign) from error


def _manifest(record: dict[str, Any]) -> Manifest:
    files = tuple(_entry(item) for item in record["files"])
    if len({item.name.casefold() for item in files}) < len(files):
        raise ValueError("a file is listed twice")
    made_at = datetime.strptime(record["made_at"], MOMENT).replace(tzinfo=UTC)
    schema = {_text(name): [_text(column) for column in columns]
              for name, columns in record["schema"].items()}  # fmt: skip
    versions = tuple(_numbers(item) for item in record["versions"])
    manifest = Manifest(made_at, _text(record["product_version"]), _text(record["store"]), schema,
                        versions, files)  # fmt: skip
    if manifest.newest != record["newest"]:
        raise ValueError("the newest version is not the last")
    return manifest


def _entry(record: dict[str, Any]) -> Entry:
    entry = Entry(**record)
    sound = (
        NAME.fullmatch(entry.name)
        and len(entry.name) <= LONGEST
        and SHA256.fullmatch(entry.sha256)
        and isinstance(entry.packed, bool)
    )
    if not sound:
        raise ValueError(entry.name)
    _whole(entry.size), _whole(entry.stored)
    return entry


def _numbers(record: dict[str, Any]) -> Numbers:
    rows = {_text(name): _whole(count) for name, count in record["rows"].items()}
    return Numbers(_whole(record["version"]), _text(record["published_at"]), rows)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise TypeError(value)
    return value
