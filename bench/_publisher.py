"""A publish by a process of its own, which prints when it was committed.

`python -m bench._publisher STORE FILE`; the time is that of this computer's clock, in seconds.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from onemind import ingest, publishing
from onemind.settings import Settings
from onemind.store import Connection, Store, publish


def main(place: Path, file: Path) -> None:
    """Publish a file and print the moment after the commit."""
    committed: list[float] = []
    seal = publish._seal

    def sealed(con: Connection, author: str, message: str, extra: dict[str, Any]) -> None:
        seal(con, author, message, extra)
        committed.append(time.time())

    publish._seal = sealed
    store = Store(Settings(store=place))
    uploads = [ingest.Upload(file, file.name)]
    publishing.publish(store, uploads, publishing.Options(today=date.today()), "bench", "live")
    store.close()
    print(committed[-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
