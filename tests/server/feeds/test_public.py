"""The public view's pages, as a real server sends them: with tags for chats, mail and search."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date

import pytest

from tests.support.serving import serving
from tests.support.worlds import world


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("public") / "world"
    world(folder, "Qlynx", 5_731_977, 2, date.today())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMIND_PUBLIC", "state=MA;county=Essex")
        with serving(folder / "store") as base:
            yield base


def fetched(address: str, method: str = "GET") -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(address, headers={"Accept": "text/html"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("path", ["/", "/training"])
def test_a_page_says_what_it_is_of(served: str, path: str) -> None:
    page, _ = fetched(served + path)
    text = page.decode()
    assert 'og:title" content="One Mind Campaign: Massachusetts, county Essex"' in text
    assert "3 of 3 departments have pledged" in text
    assert "Qlynx" not in text
    (image,) = re.findall(r'og:image" content="([^"]+)"', text)
    picture, headers = fetched(image)
    assert (picture[:4], headers["content-type"]) == (b"\x89PNG", "image/png")


def test_head_has_the_headers_alone(served: str) -> None:
    where = f"{served}/feeds/public/card/MA1"
    content, headers = fetched(where, "HEAD")
    whole, of_get = fetched(where)
    assert content == b""
    assert headers["etag"] == of_get["etag"]
    assert headers["content-length"] == str(len(whole))


def test_the_log_has_no_address_below_feeds(
    served: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(f"{served}/feeds/{'q' * 43}/calendar.ics")
    refused.value.close()
    assert refused.value.code == 404
    (log,) = tmp_path_factory.getbasetemp().glob("public[0-9]/world/server.log")
    text = log.read_text(encoding="utf-8")
    assert "/feeds/*" in text
    assert "q" * 43 not in text
