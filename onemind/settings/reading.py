"""The only reader of the environment and of .streamlit/secrets.toml.

Plain Python reads them: pydantic-settings would add 10 MB and a fifth of a second to each command,
and its messages name a model's field where ours say what to write.
"""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from onemind.errors import WrongUse
from onemind.settings import mail, parts
from onemind.settings.values import MEANING, ROOT, S3, SECRETS, Bucket, Settings


def load(
    environ: Mapping[str, str] | None = None, secrets: Mapping[str, Any] | None = None
) -> Settings:
    """Read the settings from the environment and .streamlit/secrets.toml.

    Raises WrongUse when a value can't be understood.
    """
    if environ is None and secrets is None:
        given = tuple(os.environ.get(name) for name in (*MEANING, *S3))
        return _in_force(given, _written(), Path.cwd())
    return _read(os.environ if environ is None else environ, secrets or {})


def elsewhere(catalog: str, data: str) -> Settings:
    """Return the settings in force, but for another place: a PostgreSQL address and where its data
    is kept, or a folder alone.

    Raises WrongUse when a value can't be understood.
    """
    place = {"ONEMIND_CATALOG": "", "ONEMIND_DATA": data}
    place |= {"ONEMIND_CATALOG": catalog} if "://" in catalog else {"ONEMIND_STORE": catalog}
    return _read({**os.environ, **place}, _secrets())


def place_of_backups(name: str, text: str) -> Path | Bucket:
    """Return the folder, or the bucket with its keys, that somebody wrote for backups.

    Raises WrongUse, naming where it was written.
    """
    return parts.of_backups(name, text, {**_secrets(), **os.environ})


def _read(environ: Mapping[str, str], kept: Mapping[str, Any]) -> Settings:
    named = {name: str(value) for name, value in kept.items() if name in (*MEANING, *S3)}
    env = {**named, **environ}
    rules, backup = env.get("ONEMIND_RULES", ""), env.get("ONEMIND_BACKUP", "")
    return Settings(
        store=Path(env.get("ONEMIND_STORE") or ROOT / "data" / "store").resolve(),
        catalog=parts.catalog(env),
        data=parts.folder_of_data(env),
        bucket=parts.bucket(env),
        rules=Path(rules).resolve() if rules else None,
        max_upload=parts.megabytes(env.get("ONEMIND_MAX_UPLOAD_MB") or "500"),
        memory=env.get("ONEMIND_MEMORY") or "2GB",
        contact=parts.contact(env.get("ONEMIND_CONTACT") or ""),
        public=env.get("ONEMIND_PUBLIC") or "",
        url=parts.address(env.get("ONEMIND_URL") or ""),
        proxies=parts.networks(env.get("ONEMIND_PROXIES") or "127.0.0.1, ::1"),
        idle=parts.idle(env.get("ONEMIND_IDLE_HOURS") or "12"),
        longest=parts.longest(env.get("ONEMIND_SESSION_DAYS") or "30"),
        providers=parts.providers(_provider(env), kept.get("oidc", {})),
        seams=parts.seams(env.get("ONEMIND_STREAMLIT_SEAMS") or ""),
        **_reached(env),
        metrics_token=parts.token(env.get("ONEMIND_METRICS_TOKEN") or ""),
        log=parts.log(env.get("ONEMIND_LOG") or "text"),
        backup=parts.of_backups("ONEMIND_BACKUP", backup, env) if backup else None,
        backup_every=parts.every(env.get("ONEMIND_BACKUP_EVERY") or "1d"),
        backup_keep=parts.keeping(
            "ONEMIND_BACKUP_KEEP", env.get("ONEMIND_BACKUP_KEEP") or parts.KEPT
        ),
        replicas=parts.whole("ONEMIND_REPLICAS", env.get("ONEMIND_REPLICAS") or "1", "processes"),
    )


def _reached(env: Mapping[str, str]) -> dict[str, Any]:
    """Return what says which hosts are asked or told, and how mail leaves."""
    server = mail.server(env.get("ONEMIND_SMTP") or "")
    hosts = env.get("ONEMIND_WEBHOOK_HOSTS") or ""
    return {
        "source_hosts": parts.hosts("ONEMIND_SOURCE_HOSTS", env.get("ONEMIND_SOURCE_HOSTS") or ""),
        "smtp": server,
        "mail_from": mail.sender(env.get("ONEMIND_MAIL_FROM") or "", server),
        "webhook_hosts": parts.hosts("ONEMIND_WEBHOOK_HOSTS", hosts),
    }


def _provider(env: Mapping[str, str]) -> dict[str, str]:
    return {
        "url": env.get("ONEMIND_OIDC_URL") or "",
        "client_id": env.get("ONEMIND_OIDC_CLIENT_ID") or "",
        "client_secret": env.get("ONEMIND_OIDC_CLIENT_SECRET") or "",
        "roles_claim": env.get("ONEMIND_OIDC_ROLES_CLAIM") or "",
    }


@lru_cache(maxsize=8)
def _in_force(
    given: tuple[str | None, ...], written: tuple[int, int] | None, here: Path
) -> Settings:
    """Return the settings; read anew when the environment, the file or the folder is another."""
    named = zip((*MEANING, *S3), given, strict=True)
    return _read({name: text for name, text in named if text is not None}, _secrets())


def _written() -> tuple[int, int] | None:
    """Return what differs when the file of secrets is another: when written, and its size."""
    try:
        status = SECRETS.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size


def _secrets() -> Mapping[str, Any]:
    try:
        return tomllib.loads(SECRETS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"{SECRETS} can't be read: {error}.") from error


TRACING = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def wants_traces(environ: Mapping[str, str] | None = None) -> bool:
    """Whether OpenTelemetry's standard variables name a receiver and do not turn traces off."""
    env = os.environ if environ is None else environ
    is_off = env.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return any(map(env.get, TRACING)) and not is_off and env.get("OTEL_TRACES_EXPORTER") != "none"


def environment(**changes: str) -> dict[str, str]:
    """Return the environment with changes, for a program that is started."""
    return {**os.environ, **changes}


def operating_system_user() -> str:
    """Return the name of whoever is signed in to this computer, or "unknown"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
