"""A town that files are checked against, and what is made of checking them."""

from collections.abc import Iterator
from typing import Any

import pytest

from onemind import ingest, publishing
from tests.conftest import Campaign, campaigning

PLEDGES = "department_id,pledged_on"
OUTCOMES = "department_id,period_start,period_end,mh_calls"
MINIMAL = "department_id,name,type,state"
MEGABYTES = 3_000_000


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Two departments and what belongs to them; the tests check files against it, no more."""
    with campaigning(tmp_path_factory.mktemp("town"), max_upload=MEGABYTES) as found:
        found.publish(
            departments=f"{MINIMAL},sworn_officers\nA,Avon,municipal,MA,10\n"
            "B,Bolton,municipal,MA,5\nW1,Washington County Sheriff,county,MD,\n"
            "W2,Washington County Sheriff,county,VA,\n",
            pledges=f"{PLEDGES}\nA,2017-09-20\nB,2017-09-20\nB,2020-01-01\n",
            partners="partner_id,name,kind\np1,Riverside,hospital\n",
            outcomes=f"{OUTCOMES}\nA,2018-01-01,2018-12-31,12\n",
        )
        yield found


def draft(town: Campaign, files: dict[str, str], **given: Any) -> publishing.Draft:
    """Check files under names of their own."""
    uploads = []
    for name, text in files.items():
        (town.folder / name).write_text(text, newline="")
        uploads.append(ingest.Upload(town.folder / name, name))
    with publishing.draft(town.store, uploads, town.options(**given)) as (made, _):
        return made


def places(made: publishing.Draft) -> list[tuple[int | None, str | None, str]]:
    return [(item.row, item.column, item.code) for item in made.problems]
