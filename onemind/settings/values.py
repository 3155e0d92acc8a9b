"""What can be set: the values, with what each means, and where the product's own files are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "data" / "sample"
BOUNDARIES = ROOT / "data" / "boundaries"
ICON = ROOT / "pages" / "icon.png"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
IN_MEMORY = Path("/dev", "shm")  # a folder in memory, where the system has one

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
    "ONEMIND_SMTP": "the mail server: smtps://user:password@host, or smtp:// with STARTTLS "
    "(default none: nothing is mailed)",
    "ONEMIND_MAIL_FROM": "the address that mail comes from, such as One Mind <data@example.org>",
    "ONEMIND_WEBHOOK_HOSTS": "hosts that webhooks may tell, such as hooks.slack.com (default none)",
    "ONEMIND_METRICS_TOKEN": "what a monitoring program sends to read /metrics (default none: only "
    "this computer may)",
    "ONEMIND_LOG": "text or json: how the server writes its log (default text)",
    "ONEMIND_BACKUP": "folder on another disk, or s3://bucket/prefix with the AWS_ variables, that "
    "the server makes backups in (default none)",
    "ONEMIND_BACKUP_EVERY": "how often it makes one, such as 12h or 1d (default 1d)",
    "ONEMIND_BACKUP_KEEP": "of how many days, weeks and months the newest one stays "
    "(default 7d,4w,12m)",
    "ONEMIND_REPLICAS": "processes that serve this store on this machine, so that they share what "
    "takes long; `serve` sets it (default 1)",
    "ONEMIND_STREAMLIT_SEAMS": "off, or names of the speed-ups that reach into Streamlit "
    "(default all; docs/upgrading-streamlit.md)",
}


# The usual variables of S3-compatible storage; nothing else of it is read from outside.
S3 = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION",
    "AWS_ENDPOINT_URL",
)  # fmt: skip


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

    def __str__(self) -> str:
        """Return what people are told, without keys."""
        return self.address.rstrip("/")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and how: `security` is tls from the start, starttls, or none."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"


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
    webhook_hosts: tuple[str, ...] = ()
    smtp: MailServer | None = None
    mail_from: str = ""
    metrics_token: str = field(default="", repr=False)
    log: str = "text"
    replicas: int = 1

    @property
    def state(self) -> Path | str:
        """Where the state is kept: the store's folder, or the catalog's database."""
        return self.catalog or self.store

    def alone(self, folder: Path) -> Settings:
        """Return these settings for a store that lies in one folder, whole."""
        return replace(self, store=folder, catalog="", data=None, bucket=None)

    backup: Path | Bucket | None = None
    backup_every: timedelta = timedelta(days=1)
    backup_keep: tuple[tuple[int, str], ...] = ((7, "d"), (4, "w"), (12, "m"))
