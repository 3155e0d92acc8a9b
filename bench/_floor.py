"""The floor of ingest: DuckDB loading a typed CSV into a new lake, and nothing else.

`python -m bench._floor STORE FILE`; the lake is opened as the dashboard opens it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onemind.campaign import contract
from onemind.settings import Settings
from onemind.store import lake, quoted


def load(store: Path, file: Path, dataset: str = "training") -> int:
    """Load a file of exactly a dataset's columns into a new lake; return how many rows it took."""
    con = lake.connect(Settings(store=store))
    names = file.open(encoding="utf-8").readline().strip().split(",")
    fields = [contract(dataset).field(name) for name in names]
    typed = ", ".join(f"{field.name} {field.sql_type}" for field in fields)
    columns = ", ".join(f"'{field.name}': '{field.sql_type}'" for field in fields)
    con.execute(f"create table lake.{dataset} ({typed})")
    (rows,) = con.execute(
        f"insert into lake.{dataset} from read_csv({quoted(file)},"
        f" columns = {{{columns}}}, header = true, auto_detect = false)"
    ).fetchone() or (0,)
    con.close()
    return int(rows)


if __name__ == "__main__":
    print(load(Path(sys.argv[1]), Path(sys.argv[2])))
