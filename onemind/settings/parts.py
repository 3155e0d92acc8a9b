"""Reading one value from what somebody wrote; each refuses nonsense with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from onemind.errors import WrongUse
from onemind.settings.values import S3, Bucket, Provider

KEPT = "7d,4w,12m"
NEEDED = ("url", "client_id", "client_secret")


def whole(name: str, text: str, unit: str) -> int:
    """Return a whole number of a unit, of at least 1."""
    if not text.isdigit() or not text.isascii() or not 0 < int(text) < 10_000_000:
        raise WrongUse(f"{name} is {text!r}; it must be a whole number of {unit}, such as 500.")
    return int(text)


def catalog(env: Mapping[str, str]) -> str:
    """Return the address of the catalog's database, "" for none."""
    address = env.get("ONEMIND_CATALOG") or ""
    if address and not re.match(r"postgres(ql)?://\S+$", address):
        raise WrongUse(
            "ONEMIND_CATALOG must be a PostgreSQL address, such as "
            "postgresql://onemind:password@db.example.org/onemind."
        )
    if env.get("ONEMIND_DATA") and not address:
        raise WrongUse(
            "ONEMIND_DATA is set, but not ONEMIND_CATALOG. Set both; without them everything is "
            "kept in the folder ONEMIND_STORE."
        )
    return address


def folder_of_data(env: Mapping[str, str]) -> Path | None:
    """Return the folder of the data, None where it is a bucket or not set."""
    text = env.get("ONEMIND_DATA") or ""
    if "://" in text and not text.startswith("s3://"):
        raise WrongUse(f"ONEMIND_DATA is {text!r}; write a folder, or s3://bucket/prefix.")
    return Path(text).resolve() if text and not text.startswith("s3://") else None


def bucket(env: Mapping[str, str]) -> Bucket | None:
    """Return the bucket of the data with its keys, None where it is no bucket."""
    text = env.get("ONEMIND_DATA") or ""
    return bucket_at("ONEMIND_DATA", text, env) if text.startswith("s3://") else None


def of_backups(name: str, text: str, env: Mapping[str, str]) -> Path | Bucket:
    """Return where backups lie: a folder, or a bucket; raises WrongUse, naming the setting."""
    if "://" in text and not text.startswith("s3://"):
        raise WrongUse(f"{name} is {text!r}; write a folder, or s3://bucket/prefix.")
    return bucket_at(name, text, env) if text.startswith("s3://") else Path(text).resolve()


def bucket_at(setting: str, text: str, env: Mapping[str, str]) -> Bucket:
    """Return the bucket of an address with its keys; raises WrongUse, naming the setting."""
    name, _, prefix = text.removeprefix("s3://").strip("/").partition("/")
    key, secret, token, region, endpoint = (env.get(part) or "" for part in S3)
    if not name or not key or not secret:
        raise WrongUse(
            f"{setting} is {text!r}. It needs a bucket's name, and AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY beside it."
        )
    return Bucket(name, prefix, key, secret, token, region or "us-east-1", endpoint.rstrip("/"))


def megabytes(text: str) -> int:
    """Return a size in bytes."""
    return whole("ONEMIND_MAX_UPLOAD_MB", text, "megabytes") * 1024 * 1024


def idle(text: str) -> timedelta:
    """Return how long a session may rest."""
    return timedelta(hours=whole("ONEMIND_IDLE_HOURS", text, "hours"))


def longest(text: str) -> timedelta:
    """Return how long a session may last."""
    return timedelta(days=whole("ONEMIND_SESSION_DAYS", text, "days"))


def contact(text: str) -> str:
    """Return an email address, "" for none."""
    if text and not re.fullmatch(r"[^@\s,;?&<>\"]+@[^@\s,;?&<>\"]+\.[^@\s,;?&<>\"]+", text):
        raise WrongUse(f"ONEMIND_CONTACT is {text!r}; write one email address: data@example.org.")
    return text


def address(text: str) -> str:
    """Return the dashboard's own address without a slash at its end."""
    if text and not text.startswith(("https://", "http://")):
        raise WrongUse(
            f"ONEMIND_URL is {text!r}; write all of it, like https://onemind.example.org."
        )
    return text.rstrip("/")


def networks(text: str) -> tuple[str, ...]:
    """Return addresses and networks of proxies."""
    networks = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in networks:
        try:
            ip_network(part)
        except ValueError:
            raise WrongUse(
                f"ONEMIND_PROXIES has {part!r}, which is not an address; write "
                "10.0.0.5 or 10.0.0.0/8."
            ) from None
    return networks


def hosts(name: str, text: str) -> tuple[str, ...]:
    """Read host names, *.names and addresses with a port, with commas between.

    Raises WrongUse, naming the setting.
    """
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", host):
            raise WrongUse(
                f"{name} has {host!r}; write host names such as data.example.org "
                "or *.example.org, with commas between."
            )
    return hosts


def every(text: str) -> timedelta:
    """Return how often something is done: 12h, 1d."""
    found = re.fullmatch(r"(\d{1,4})([hd])", text.strip(), re.ASCII)
    if not found or not int(found[1]):
        raise WrongUse(f"ONEMIND_BACKUP_EVERY is {text!r}; write a span such as 12h or 1d.")
    return timedelta(**{{"h": "hours", "d": "days"}[found[2]]: int(found[1])})


def keeping(name: str, text: str) -> tuple[tuple[int, str], ...]:
    """Read of how many days, weeks and months backups stay; raises WrongUse, naming the setting."""
    parts = [re.fullmatch(r"(\d{1,4})([dwm])", part.strip(), re.ASCII) for part in text.split(",")]
    rule = tuple((int(part[1]), part[2]) for part in parts if part and int(part[1]))
    if len(rule) < len(parts):
        raise WrongUse(f"{name} is {text!r}; write days, weeks and months such as {KEPT}.")
    return rule


def seams(text: str) -> tuple[str, ...] | None:
    """Return the seams that are used; None: all."""
    if not text.strip():
        return None
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    return () if names == ("off",) else names


def token(text: str) -> str:
    """Return the token of /metrics, "" for none."""
    if text and not re.fullmatch(r"[\w.~+/=-]{16,200}", text, re.A):
        raise WrongUse(
            "ONEMIND_METRICS_TOKEN must be 16 to 200 letters and digits; make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    return text


def log(text: str) -> str:
    """Return in which form the log is written."""
    if text not in ("text", "json"):
        raise WrongUse(f"ONEMIND_LOG is {text!r}; write text or json.")
    return text


def providers(
    alone: Mapping[str, str], listed: Mapping[str, Mapping[str, Any]]
) -> tuple[Provider, ...]:
    """Return the provider of the environment, if its address is given, and those listed."""
    given = {"company": alone} if alone.get("url") else {}
    return tuple(_declared_provider(name, values) for name, values in {**listed, **given}.items())


def _declared_provider(name: str, values: Mapping[str, Any]) -> Provider:
    missing = [key for key in NEEDED if not values.get(key)]
    if missing or not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise WrongUse(
            f"The sign-in provider {name!r} needs {', '.join(NEEDED)}, and a name of small "
            f"letters, digits and hyphens. Missing: {', '.join(missing) or 'nothing'}."
        )
    url = str(values["url"]).rstrip("/")
    if not url.endswith("/.well-known/openid-configuration"):
        url += "/.well-known/openid-configuration"
    return Provider(
        name, str(values.get("label") or name.capitalize()), url, str(values["client_id"]),
        str(values["client_secret"]), str(values.get("roles_claim") or ""),
        tuple((str(value), str(role)) for value, role in dict(values.get("roles") or {}).items()),
        bool(values.get("trust_email", False)),
    )  # fmt: skip
