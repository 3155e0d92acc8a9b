"""Live: a publish is noticed and told, in words of what the viewer sees, and screens follow it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from onemind import metrics, publishing, runtime
from onemind.access import User
from onemind.access.roles import local_admin
from onemind.campaign import Filter, Scope, Sight
from onemind.narrative import news
from onemind.server import events
from onemind.server.events import Publishes
from onemind.server.guard import openings as web_open
from onemind.server.guard.openings import Open, Openings
from onemind.settings import Settings
from onemind.store import Store, Window
from onemind.ui.shell import live
from tests.conftest import TODAY, Campaign
from tests.support.serving import Watched, browsing, serving

DEPARTMENTS = """department_id,name,type,county,state,sworn_officers
D1,Lee,municipal,Berkshire,MA,2
D2,Lynn,municipal,Essex,MA,3
"""
PLEDGES = "department_id,pledged_on,completion_confirmed_on\nD1,2017-09-20,\nD2,2017-09-20,\n"
DONE = PLEDGES.replace("D1,2017-09-20,", "D1,2017-09-20,2019-01-01")


@pytest.fixture
def two_versions(campaign: Callable[..., Campaign]) -> Campaign:
    made = campaign(departments=DEPARTMENTS, pledges=PLEDGES)
    made.publish(pledges=DONE, departments=DEPARTMENTS + "D3,Hull,municipal,Plymouth,MA,1\n")
    return made


def told(window: Window) -> str:
    old, new = (
        metrics.progress(window, Filter(as_of=TODAY, version=number), TODAY).records()
        for number in (1, 2)
    )
    return news(old, new, 2)


def test_what_changed_is_said_in_a_line(two_versions: Campaign) -> None:
    assert told(Window(two_versions.store, Sight())) == (
        "Version 2: 1 department completed, 1 department added."
    )


def test_nothing_is_said_of_departments_out_of_sight(two_versions: Campaign) -> None:
    essex = Sight(Scope(county=("Essex",)))
    assert told(Window(two_versions.store, essex)) == (
        "Version 2: no changes to the departments in view."
    )


def test_new_training_numbers_are_counted_by_department() -> None:
    before = {"department_id": "D1", "stage": "overdue"} | dict.fromkeys(
        ("sworn", "mhfa_trained", "cit_trained", "trained_low", "trained_high"), 5
    )
    after = before | {"mhfa_trained": 6}
    assert news([before], [after], 9) == "Version 9: 1 department with new training numbers."
    assert news([before], [], 9) == "Version 9: 1 department removed."


def test_a_publish_by_another_process_changes_the_mark_and_reading_does_not(
    campaign: Callable[..., Campaign],
) -> None:
    made = campaign(departments=DEPARTMENTS)
    mark = made.store.mark()
    assert [version.number for version in made.store.versions()] == [1]
    made.progress()
    assert made.store.mark() == mark
    other = Store(Settings(store=made.store.settings.store))
    Campaign(other, made.folder).publish(pledges=PLEDGES)
    other.close()
    assert made.store.mark() != mark
    assert [version.number for version in made.store.versions()] == [1, 2]


def test_whoever_listens_hears_the_newest_version_and_then_each_publish() -> None:
    version = [7]
    prepared: list[int] = []

    async def listen() -> list[int]:
        publishes = Publishes(lambda: version[0], lambda: version[0], prepared.append)
        streams = [publishes.notifications(alive=30) for _ in range(3)]
        heard = [await anext(stream) for stream in streams]
        await asyncio.sleep(3 * events.LOOK)
        version[0] = 8
        heard += [await asyncio.wait_for(anext(stream), 10) for stream in streams]
        for stream in streams:
            await stream.aclose()
        assert not publishes.listeners
        await asyncio.sleep(3 * events.LOOK)
        assert publishes._watching and publishes._watching.done()  # nobody listens: nobody looks
        return heard

    assert asyncio.run(listen()) == [7, 7, 7, 8, 8, 8]
    assert prepared == [8]


def test_screens_are_told_when_a_version_is_ready_or_when_patience_ends() -> None:
    version, done = [1], Event()

    def wait(number: int) -> None:
        done.wait(20)

    async def told_early(seconds: float) -> bool:
        """Whether the next version is told before it is ready."""
        publishes = Publishes(
            lambda: version[0], lambda: version[0], wait,
            lambda number: seconds,
        )  # fmt: skip
        done.clear()
        stream = publishes.notifications(alive=30)
        await anext(stream)
        await asyncio.sleep(3 * events.LOOK)
        version[0] += 1
        telling = asyncio.ensure_future(anext(stream))
        await asyncio.wait({telling}, timeout=1)
        early = telling.done()
        done.set()
        assert await asyncio.wait_for(telling, 10) == version[0]
        await stream.aclose()
        return early

    assert asyncio.run(told_early(0.1))
    assert not asyncio.run(told_early(30))


def test_a_publish_that_changes_no_mark_of_its_own_is_noticed() -> None:
    """Its last byte may be written within the same tick of the clock as one that was looked at."""
    version, settled = [1], [False]

    async def listen() -> int:
        publishes = Publishes(lambda: "same", lambda: version[0], lambda number: None,
                              settled=lambda mark: settled[0])  # fmt: skip
        stream = publishes.notifications(alive=30)
        await anext(stream)
        await asyncio.sleep(3 * events.LOOK)
        version[0], settled[0] = 2, True
        number = await asyncio.wait_for(anext(stream), 10)
        await stream.aclose()
        return number

    assert asyncio.run(listen()) == 2


def test_a_large_store_is_shown_when_it_is_ready(
    two_versions: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "store", lambda: two_versions.store)
    assert live.patience(2) == live.SOON
    monkeypatch.setattr(live, "LARGE", -1)
    assert live.patience(2) == live.READY
    assert two_versions.store.count("departments", 1) == 2
    assert two_versions.store.count("departments", 2) == 3


def test_whoever_hears_nothing_new_is_told_the_same_again() -> None:
    async def listen() -> list[int]:
        publishes = Publishes(lambda: 1, lambda: 7, lambda number: None)
        stream = publishes.notifications(alive=0.05)
        heard = [await anext(stream) for _ in range(3)]
        await stream.aclose()
        return heard

    assert asyncio.run(listen()) == [7, 7, 7]


def test_whoever_asks_without_a_stream_is_answered_once(
    campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = campaign(departments=DEPARTMENTS).store
    monkeypatch.setattr(runtime, "store", lambda: store)
    app = Starlette(routes=[Route("/api/events", events.events)])
    answer = TestClient(app).get("/api/events")
    assert answer.json() == {"version": 1}
    assert answer.headers["cache-control"] == "no-store"
    stream = {"Accept": "text/event-stream"}  # it has no end, and a HEAD waits for one
    head = TestClient(app).head("/api/events", headers=stream)
    assert head.headers["content-type"] == "application/json"


@pytest.fixture
def word(
    two_versions: Campaign, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., dict[str, object]]]:
    """What a screen that shows a version is told of another one."""
    monkeypatch.setattr(runtime, "store", lambda: two_versions.store)
    monkeypatch.setattr(runtime, "today", lambda: TODAY)
    monkeypatch.setattr(events, "SAID", 30.0)

    def asked(number: int, since: int | None, sight: Sight | None) -> dict[str, object]:
        events.NEWS.clear()
        return asyncio.run(events._word(number, since, sight))

    yield asked
    events.NEWS.clear()


def test_what_changed_comes_with_the_word_of_the_publish(
    word: Callable[..., dict[str, object]],
) -> None:
    said = "Version 2: 1 department completed, 1 department added."
    assert word(2, 1, Sight()) == {"version": 2, "said": said}
    essex = word(2, 1, Sight(Scope(county=("Essex",))))
    assert essex["said"] == "Version 2: no changes to the departments in view."


@pytest.mark.parametrize("since", [None, 0, 2, 3])
def test_nothing_is_said_of_what_the_screen_shows_already(
    word: Callable[..., dict[str, object]], since: int | None
) -> None:
    assert word(2, since, Sight()) == {"version": 2}


def test_a_screen_hears_of_a_version_whose_changes_are_not_worked_out(
    word: Callable[..., dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(live, "news", broken)
        assert word(2, 1, Sight()) == {"version": 2}
    monkeypatch.setattr(events, "SAID", 0.0)
    assert word(2, 1, Sight()) == {"version": 2}


def test_the_stream_names_the_version_heard_last_so_that_a_new_one_goes_on_from_it(
    word: Callable[..., dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    publishes = Publishes(lambda: 2, lambda: 2, lambda number: None)
    monkeypatch.setattr(events, "PUBLISHES", publishes)

    async def first() -> list[str]:
        stream = events._written(None, 1, Sight())
        lines = [await anext(stream) for _ in range(2)]
        await stream.aclose()
        return lines

    retry, told_first = asyncio.run(first())
    assert retry.startswith("retry:")
    assert told_first.startswith('id: 2\ndata: {"version": 2, "said": "Version 2: 1 department')


@pytest.mark.parametrize(
    ("text", "number"), [(None, None), ("", None), ("12", 12), ("-1", None), ("9" * 30, None),
                         ("x", None), ("²", None)]
)  # fmt: skip
def test_a_version_in_an_address_is_a_number_or_none(text: str | None, number: int | None) -> None:
    assert events._number(text) == number


def test_a_screen_opened_while_sessions_are_looked_after_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last of the others had gone, so nobody's session was asked about."""
    monkeypatch.setattr(web_open, "EVERY", 0.01)

    async def look() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        loop, user = asyncio.get_running_loop(), local_admin()
        late, early = (Open("websocket", None, user, receive, send) for _ in range(2))

        def who(keys: Iterable[str | None]) -> dict[str | None, User]:
            loop.call_soon_threadsafe(openings.add, late)
            return dict.fromkeys(keys, user)

        openings = Openings(who)
        openings.add(early)
        await asyncio.sleep(0)
        openings.discard(early)
        await late.send({"type": "websocket.accept"})
        await asyncio.sleep(0.2)
        assert len(openings) == 1
        openings.discard(late)
        return sent

    assert asyncio.run(look()) == [{"type": "websocket.accept"}]


@pytest.mark.browser
def test_a_publish_is_on_every_open_screen_where_it_is(tmp_path: Path) -> None:
    store = Store(Settings(store=tmp_path / "store"))
    made = Campaign(store, tmp_path)
    made.publish(departments=DEPARTMENTS, pledges=PLEDGES)
    with serving(store.settings.store) as base, browsing() as browser:
        pages = [Watched(browser.new_page(), base) for _ in range(2)]
        pages[0].open("/?county=Essex")
        pages[1].open("/departments")
        for watched in pages:
            expect(watched.page.get_by_text("version 1,")).to_be_visible()
        files = made.uploads(pledges=DONE)
        publishing.publish(store, files, publishing.Options(today=date.today()), "tester", "done")
        said = [watched.page.get_by_text("Version 2: 1 department completed.") for watched in pages]
        for words in said:
            expect(words).to_be_visible()
        for watched, words in zip(pages, said, strict=True):
            expect(watched.page.get_by_text("version 2,")).to_be_visible()
            assert words.count() <= 1  # the page does not say again what came with the word
            expect(words).to_have_count(0)  # it goes by itself
            assert watched.faults == []
        assert "county=Essex" in pages[0].page.url
    store.close()
