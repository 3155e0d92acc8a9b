"""A backup, its restore and its drill, on the sample and on 500,000 certificates: seconds, bytes.

Each is a whole process. The floor is the store's folder put into a tar as it lies there, which
neither compresses nor proves anything.
"""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path

from bench._measure import Figure, Run, alternated, arguments, python, report, run, timed, worked
from bench._national import home
from bench._server import sample_store
from bench.numbers import national_store

TENTH = 0.1  # of the nation: 500,000 certificates


def size(place: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(path.stat().st_size for path in files if path.is_file())


def figures(name: str, store: Path, times: int) -> list[Figure]:
    """Measure one store."""
    environment, numbers = {"ONEMIND_STORE": str(store)}, count()
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        place = Path(folder)
        first = place / "first.tar"

        def command(*words: object) -> Run:
            return run(python(*words), environment)

        def restored() -> Run:
            target = place / f"restored-{next(numbers)}"
            made = command("onemind", "restore-backup", first, "--to", target)
            shutil.rmtree(target)
            return made

        command("onemind", "backup", first)
        runs = alternated(
            {
                "tar": lambda: command("tarfile", "--create", place / "floor.tar", store),
                "backup": lambda: command("onemind", "backup", place / f"{next(numbers)}.tar"),
                "restore": restored,
                "drill": lambda: command("onemind", "drill", first),
            },
            times,
        )
        floor, megabytes = runs.pop("tar"), size(first) / 1e6
    seconds = [timed(f"{name}: {verb}", made, floor, None) for verb, made in runs.items()]
    busy = [worked(f"{name}: {verb}, CPU", made, floor) for verb, made in runs.items()]
    return [
        *seconds,
        *busy,
        Figure(f"{name}: the backup", megabytes, "MB", None, size(store) / 1e6),
    ]


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__)
    found = figures("sample", sample_store(), args.times)
    found += figures("tenth of the nation", national_store(TENTH * args.scale), args.times)
    report("backup", found)


if __name__ == "__main__":
    main()
