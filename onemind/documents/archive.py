"""All data of a version in one zip: the CSVs that `publish` takes, described and cited.

A dataset without rows is left out, for an upload of a header alone says nothing. The same version
gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from onemind import metrics
from onemind.campaign import DATASETS, contract
from onemind.documents.citation import cited
from onemind.documents.package import described
from onemind.errors import NotPossibleNow
from onemind.ingest import CITATIONS, DESCRIPTION
from onemind.metrics import Source

OLDEST = 1980  # the first year that a zip knows


def archive(
    source: Source, version: int | None = None, datasets: Iterable[str] = DATASETS
) -> bytes:
    """Return the zip of what a source shows of these datasets at a version.

    Raises NotPossibleNow while nothing is published.
    """
    published = source.version(version)
    if published is None:
        raise NotPossibleNow("Nothing is published yet. Publish data first, then export it.")
    files = {}
    for name in (contract(name).name for name in datasets):
        rows = metrics.export.dataset(source, name, published.number)
        if rows.rows:
            files[name] = metrics.export.to_csv(rows.columns, rows.rows).encode()
    moment = published.published_at
    citation = cited(source.rules.campaign, published, source.settings.url)
    package = described(citation, moment.isoformat(timespec="seconds"), files, source.rules)
    members = {
        DESCRIPTION: metrics.export.to_json(package).encode(),
        CITATIONS[0]: citation.cff().encode(),
        CITATIONS[1]: citation.bibtex().encode(),
        **{f"{name}.csv": content for name, content in files.items()},
    }
    return _packed(members, (max(moment.year, OLDEST), *moment.timetuple()[1:6]))


def _packed(members: Mapping[str, bytes], when: tuple[int, ...]) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w") as packed:
        for name, content in members.items():
            info = ZipInfo(name, when)  # type: ignore[arg-type]
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            packed.writestr(info, content)
    return target.getvalue()
