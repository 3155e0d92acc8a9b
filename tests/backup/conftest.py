"""A small store with a bit of everything in it, and a backup of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import access, backup, publishing
from onemind.access import links
from onemind.access.links import Terms
from onemind.access.people import Actor
from onemind.access.sessions import begin
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.settings import ROOT, Settings
from onemind.store import Store, compact
from tests.conftest import Campaign, campaigning

NOW = datetime(2026, 11, 29, 13, 5, tzinfo=UTC)
TOWN = "department_id,name,type,state\n"
ROW = "department_id,officer_id,course,completed_on\n"
RULES = ROOT / "onemind" / "campaign" / "rule_files"
EMAIL, PASSWORD = "ann@example.org", "correct horse battery"
OUTLINES = b'{"type":"FeatureCollection","source":"tests","features":[]}'


@dataclass
class Full:
    """A store with everything, what is known of it, and a backup of it."""

    campaign: Campaign
    made: backup.Backup
    token: str  # of a share link
    session: str  # of somebody signed in
    secret: bytes

    @property
    def file(self) -> Path:
        assert isinstance(self.made.target, Path)
        return self.made.target

    @property
    def store(self) -> Store:
        return self.campaign.store


@pytest.fixture(scope="package")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Full]:
    """Lend a store with versions, people, a link and more, and its backup. For reading only."""
    folder = tmp_path_factory.mktemp("full")
    rules = folder / "rules"
    rules.mkdir()
    (rules / "courses.toml").write_bytes((RULES / "courses.toml").read_bytes())
    with campaigning(folder, rules=rules) as campaign:
        publish(campaign)
        place = campaign.store.settings.store
        (place / "boundaries").mkdir()
        (place / "boundaries" / "municipality-MA.geojson").write_bytes(OUTLINES)
        with closing(AppDatabase(place)) as appdb:
            token, session = populate(appdb, campaign.store)
            secret = appdb.secrets.get(PSEUDONYMS)
        (folder / "backups").mkdir()
        made = backup.back_up(campaign.store, folder / "backups", NOW)
        yield Full(campaign, made, token, session, secret)


def publish(campaign: Campaign) -> None:
    """Publish four versions; rows are added, changed and removed, and files merged between."""
    campaign.publish("first", departments=f"{TOWN}D1,Lee,municipal,MA\nD2,Lynn,municipal,MA\n")
    campaign.publish("second", training=f"{ROW}D1,A-1,MHFA,2024-01-01\nD2,A-2,CIT,2024-01-01\n")
    compact.compact(campaign.store)
    campaign.publish("third", departments=f"{TOWN}D2,Lynnfield,municipal,MA\n")
    campaign.publish("fourth", mode="replace", allow_shrink=True,
                     departments=f"{TOWN}D1,Lee,municipal,MA\nD2,Lynnfield,municipal,MA\n",
                     training=f"{ROW}D1,A-1,MHFA,2024-01-01\n")  # fmt: skip


def populate(appdb: AppDatabase, store: Store) -> tuple[str, str]:
    """Add people, a link, a session, a source, a reading and an upload that waits."""
    by = Actor("tester")
    ann = access.people.add(appdb, EMAIL, "admin", by, NOW, PASSWORD)
    _, token = links.make(appdb, store, Terms("State office"), ("Overview",), EMAIL, NOW)
    appdb.sources.add("https://data.example.org/a.csv", 3600, "", EMAIL, NOW)
    appdb.readings.save(["Dept", "Day"], {"columns": {"Dept": "department_id"}}, EMAIL, NOW)
    waiting = store.settings.store / "staged"
    waiting.mkdir()
    (waiting / ("0" * 64)).write_text("Pat Doe,D1\n")
    appdb.stage(EMAIL, [{"name": "names.csv", "sha256": "0" * 64}], {}, NOW)
    return token, begin(appdb, ann, datetime.now(UTC))


@pytest.fixture
def restored(full: Full, tmp_path: Path) -> Settings:
    """Restore the backup into a new folder, and return the settings for it."""
    chosen = Settings(store=tmp_path / "restored")
    backup.restore(full.file, chosen)
    return chosen


def names(store: Store, version: int) -> list[str]:
    """Return the names of a version's departments, read from its files."""
    with store.reading(version, ["departments"]) as con:
        rows = con.execute("select name from departments order by name").fetchall()
    return [row[0] for row in rows]


def originals(store: Store) -> list[Path]:
    """Return the files kept as they came."""
    return sorted(publishing.originals(store).mirror().iterdir())
