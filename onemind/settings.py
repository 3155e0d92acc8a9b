"""Everything that can be set from outside; the only module that reads the environment.

A setting may also stand in .streamlit/secrets.toml, by the same name; the environment wins.

Plain Python reads them: pydantic-settings would add 10 MB and a fifth of a second to each command,
and its messages name a model's field where ours say what to write.
"""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from onemind.errors import WrongUse

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
BOUNDARIES = ROOT / "data" / "boundaries"
ICON = ROOT / "pages" / "icon.png"
SECRETS = ROOT / ".streamlit" / "secrets.toml"

MEANING = {
    "ONEMIND_STORE": "folder that holds the published data (default data/store)",
    "ONEMIND_CATALOG": "address of a PostgreSQL database that holds the catalog and the state, for "
    "several processes or machines (default none: SQLite in the store's folder)",
    "ONEMIND_DATA": "where the data itself is kept with a catalog: a folder that all processes "
    "share, or s3://bucket/prefix with the AWS_ variables (default a folder in the store)",
    "ONEMIND_RULES": "folder with your own editions.toml, courses.toml or practices.toml",
    "ONEMIND_MAX_UPLOAD_MB": "largest file the upload page accepts, in megabytes (default 500)",
    "ONEMIND_MEMORY": "most memory the database may use, as DuckDB writes it (default 2GB)",
    "ONEMIND_CONTACT": "the email address for error reports",
    "ONEMIND_PUBLIC": "what visitors without an account see: all, or a scope such as state=MA",
    "ONEMIND_URL": "the address people open, such as https://onemind.example.org",
    "ONEMIND_PROXIES": "addresses of proxies in front whose X-Forwarded headers are believed "
    "(default 127.0.0.1, ::1)",
    "ONEMIND_IDLE_HOURS": "hours without use after which a person is signed out (default 12)",
    "ONEMIND_SESSION_DAYS": "days after which a person is signed out in any case (default 30)",
    "ONEMIND_OIDC_URL": "address of a sign-in provider (OpenID Connect); several go into "
    ".streamlit/secrets.toml",
    "ONEMIND_OIDC_CLIENT_ID": "how the sign-in provider knows this dashboard",
    "ONEMIND_OIDC_CLIENT_SECRET": "the secret the sign-in provider gave this dashboard",
    "ONEMIND_OIDC_ROLES_CLAIM": "the provider's claim that gives a role: viewer, staff or admin "
    "(default none: people are added here)",
    "ONEMIND_SOURCE_HOSTS": "hosts that files may be fetched from, such as data.example.org or "
    "*.sharepoint.com (default none)",
    "ONEMIND_STREAMLIT_SEAMS": "off, or names of the speed-ups that reach into Streamlit "
    "(default all; docs/upgrading-streamlit.md)",
}


# The usual variables of S3-compatible storage; nothing else of it is read from outside.
S3 = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION",
    "AWS_ENDPOINT_URL",
)  # fmt: skip
NEEDED = ("url", "client_id", "client_secret")


@dataclass(frozen=True)
class Provider:
    """Somebody who vouches for people: where it describes itself, and how it knows us.

    `roles_claim` names the claim that gives a role, `roles` says which of its values means which
    (none: the values are the roles' names). Without it, people are on our own list. `trust_email`
    takes an email address that the provider does not say it verified.
    """

    name: str
    label: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    roles_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    trust_email: bool = False


@dataclass(frozen=True)
class Bucket:
    """An S3-compatible bucket, the prefix under which all is kept, and how to get in.

    `endpoint` is the address of a server that is not Amazon's.
    """

    name: str
    prefix: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = "us-east-1"
    endpoint: str = ""

    @property
    def address(self) -> str:
        """Its address with the prefix, and a slash at the end."""
        return f"s3://{'/'.join(part for part in (self.name, self.prefix) if part)}/"


@dataclass(frozen=True)
class Settings:
    """The settings in force: folders as absolute paths, sizes in bytes, `public` a scope's text.

    `catalog` is the address of a PostgreSQL database; the data then lies in `bucket`, or in the
    folder `data`, or in the store. `seams` names the optional seams to Streamlit that are used;
    None: all.
    """

    store: Path = ROOT / "data" / "store"
    catalog: str = field(default="", repr=False)
    data: Path | None = None
    bucket: Bucket | None = None
    rules: Path | None = None
    max_upload: int = 500 * 1024 * 1024
    memory: str = "2GB"
    contact: str = ""
    public: str = ""
    url: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=30)
    providers: tuple[Provider, ...] = ()
    seams: tuple[str, ...] | None = None
    source_hosts: tuple[str, ...] = ()

    @property
    def state(self) -> Path | str:
        """Where the state is kept: the store's folder, or the catalog's database."""
        return self.catalog or self.store


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


def _read(environ: Mapping[str, str], kept: Mapping[str, Any]) -> Settings:
    named = {name: str(value) for name, value in kept.items() if name in (*MEANING, *S3)}
    env = {**named, **environ}
    rules = env.get("ONEMIND_RULES", "")
    return Settings(
        store=Path(env.get("ONEMIND_STORE") or ROOT / "data" / "store").resolve(),
        catalog=_catalog(env),
        data=_folder_of_data(env),
        bucket=_bucket(env),
        rules=Path(rules).resolve() if rules else None,
        max_upload=_megabytes(env.get("ONEMIND_MAX_UPLOAD_MB") or "500"),
        memory=env.get("ONEMIND_MEMORY") or "2GB",
        contact=_contact(env.get("ONEMIND_CONTACT") or ""),
        public=env.get("ONEMIND_PUBLIC") or "",
        url=_address(env.get("ONEMIND_URL") or ""),
        proxies=_networks(env.get("ONEMIND_PROXIES") or "127.0.0.1, ::1"),
        idle=_idle(env.get("ONEMIND_IDLE_HOURS") or "12"),
        longest=_longest(env.get("ONEMIND_SESSION_DAYS") or "30"),
        providers=providers(_provider(env), kept.get("oidc", {})),
        seams=_seams(env.get("ONEMIND_STREAMLIT_SEAMS") or ""),
        source_hosts=_hosts(env.get("ONEMIND_SOURCE_HOSTS") or ""),
    )


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


def _whole(name: str, text: str, unit: str) -> int:
    if not text.isdigit() or not text.isascii() or not 0 < int(text) < 10_000_000:
        raise WrongUse(f"{name} is {text!r}; it must be a whole number of {unit}, such as 500.")
    return int(text)


def _catalog(env: Mapping[str, str]) -> str:
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


def _folder_of_data(env: Mapping[str, str]) -> Path | None:
    text = env.get("ONEMIND_DATA") or ""
    if "://" in text and not text.startswith("s3://"):
        raise WrongUse(f"ONEMIND_DATA is {text!r}; write a folder, or s3://bucket/prefix.")
    return Path(text).resolve() if text and not text.startswith("s3://") else None


def _bucket(env: Mapping[str, str]) -> Bucket | None:
    text = env.get("ONEMIND_DATA") or ""
    if not text.startswith("s3://"):
        return None
    name, _, prefix = text.removeprefix("s3://").strip("/").partition("/")
    key, secret, token, region, endpoint = (env.get(part) or "" for part in S3)
    if not name or not key or not secret:
        raise WrongUse(
            f"ONEMIND_DATA is {text!r}. It needs a bucket's name, and AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY beside it."
        )
    return Bucket(name, prefix, key, secret, token, region or "us-east-1", endpoint.rstrip("/"))


def _megabytes(text: str) -> int:
    return _whole("ONEMIND_MAX_UPLOAD_MB", text, "megabytes") * 1024 * 1024


def _idle(text: str) -> timedelta:
    return timedelta(hours=_whole("ONEMIND_IDLE_HOURS", text, "hours"))


def _longest(text: str) -> timedelta:
    return timedelta(days=_whole("ONEMIND_SESSION_DAYS", text, "days"))


def _contact(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s,;?&<>\"]+@[^@\s,;?&<>\"]+\.[^@\s,;?&<>\"]+", text):
        raise WrongUse(f"ONEMIND_CONTACT is {text!r}; write one email address: data@example.org.")
    return text


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise WrongUse(
            f"ONEMIND_URL is {text!r}; write all of it, like https://onemind.example.org."
        )
    return text.rstrip("/")


def _networks(text: str) -> tuple[str, ...]:
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


def _hosts(text: str) -> tuple[str, ...]:
    """Read host names, *.names and addresses with a port, with commas between."""
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", host):
            raise WrongUse(
                f"ONEMIND_SOURCE_HOSTS has {host!r}; write host names such as data.example.org "
                "or *.example.org, with commas between."
            )
    return hosts


def _seams(text: str) -> tuple[str, ...] | None:
    if not text.strip():
        return None
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    return () if names == ("off",) else names


def operating_system_user() -> str:
    """Return the name of whoever is signed in to this computer, or "unknown"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


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
