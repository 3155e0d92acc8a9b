"""Everything that can be set from outside; the only module that reads the environment."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from onemind.errors import WrongUse

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
BOUNDARIES = ROOT / "data" / "boundaries"

MEANING = {
    "ONEMIND_STORE": "folder that holds the published data (default data/store)",
    "ONEMIND_RULES": "folder with your own editions.toml, courses.toml or practices.toml",
    "ONEMIND_MAX_UPLOAD_MB": "largest file the upload page takes, in megabytes (default 500)",
    "ONEMIND_MEMORY": "most memory the database may use, as DuckDB writes it (default 2GB)",
}


@dataclass(frozen=True)
class Settings:
    """The settings in force: folders as absolute paths, sizes in bytes."""

    store: Path = ROOT / "data" / "store"
    rules: Path | None = None
    max_upload: int = 500 * 1024 * 1024
    memory: str = "2GB"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises WrongUse when a value can't be understood.
    """
    env = os.environ if environ is None else environ
    rules = env.get("ONEMIND_RULES", "")
    return Settings(
        store=Path(env.get("ONEMIND_STORE") or ROOT / "data" / "store").resolve(),
        rules=Path(rules).resolve() if rules else None,
        max_upload=_megabytes(env.get("ONEMIND_MAX_UPLOAD_MB") or "500"),
        memory=env.get("ONEMIND_MEMORY") or "2GB",
    )


def _megabytes(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise WrongUse(
            f"ONEMIND_MAX_UPLOAD_MB is {text!r}; it must be a whole number of megabytes, "
            "such as 500."
        )
    return int(text) * 1024 * 1024


def operating_system_user() -> str:
    """Return the name of whoever is signed in to this computer, or "unknown"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
