"""Which files a site has, what each rests on, and their content.

A file's key is a digest of all that it is made from. A department's page rests on the department's
own rows, the day and the program: it stays when others publish. Other pages rest on the version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from onemind import metrics
from onemind.site import (
    assets,
    department,
    departments,
    figures,
    frame,
    map,
    methodology,
    overview,
    training,
)
from onemind.site.edition import Edition

Links = dict[str, str]
PAGES: dict[str, Callable[[Edition, str, Links], bytes]] = {
    "Overview": overview.page,
    "Map": map.page,
    "Departments": departments.page,
    "Training": training.page,
    "Methodology": methodology.page,
}
DATA: dict[str, Callable[[Edition, Links], bytes]] = {
    frame.VERSION: lambda edition, links: _version(edition),
    frame.SEARCHED: departments.index,
    map.OUTLINES: lambda edition, links: map.outlines(edition),
}


@dataclass(frozen=True)
class File:
    """One file of a site: its path in the folder, its key, and the department it is about."""

    path: str
    key: str
    department_id: str = ""


def planned(edition: Edition) -> dict[str, File]:
    """Return all files of a site by their paths, first those that every page needs."""
    return edition.once("plan", lambda: _planned(edition))


def _planned(edition: Edition) -> dict[str, File]:
    base = _key(assets.code(), edition.window.sight, edition.titles, edition.as_of, edition.rules,
                edition.window.settings.contact, edition.window.settings.url,
                edition.version.sample, edition.is_newest)  # fmt: skip
    whole = _key(base, edition.version, edition.atlas.mark())
    listed = [File(path, _key(path)) for path in assets.assets()]
    named = (*_data(edition), *edition.files.values())
    listed += [File(path, _key(whole, path)) for path in named]
    if edition.has_departments:
        prints = metrics.fingerprints(edition.window, edition.version.number)
        links, secret = departments.paths(edition), _secret(edition)
        listed += [
            File(path, _key(base, secret, prints.get(name, ""), path), name)
            for name, path in links.items()
        ]
    return {item.path: item for item in listed}


def _data(edition: Edition) -> list[str]:
    has_map = {"Overview", "Map"} & set(edition.files)
    skipped = set() if has_map else {map.OUTLINES}
    skipped |= set() if edition.has_departments else {frame.SEARCHED}
    return [path for path in DATA if path not in skipped]


def _key(*parts: Any) -> str:
    return hashlib.sha256("\0".join(repr(part) for part in parts).encode()).hexdigest()[:32]


def _secret(edition: Edition) -> str:
    """Return what only the store knows: without it nobody can try out what rows a key was made of.

    It is made of the first version's record, with the digests of the files as they were uploaded.
    """
    return _key(edition.window.store.versions()[0])


def rendered(edition: Edition, paths: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield these files of a site with their content; unknown paths are left out."""
    plan, links = planned(edition), departments.paths(edition)
    titles = {file: title for title, file in edition.files.items()}
    wanted = [plan[path] for path in plan if path in set(paths)]
    for file in wanted:
        if file.path in assets.assets():
            yield file.path, assets.assets()[file.path]
        elif file.path in DATA:
            yield file.path, DATA[file.path](edition, links)
        elif file.path in titles:
            yield file.path, PAGES[titles[file.path]](edition, file.path, links)
    owners = [file.department_id for file in wanted if file.department_id]
    for dossier in metrics.dossiers(edition.window, owners, edition.chosen, edition.as_of):
        path = links[str(dossier.row["department_id"])]
        yield path, department.page(edition, path, dossier)


def _version(edition: Edition) -> bytes:
    return f"onemind.version({figures.script_json(frame.published(edition))});\n".encode()
