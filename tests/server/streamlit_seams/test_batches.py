"""What a script draws reaches its screen in the order in which it was drawn, in fewer pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import ScriptRunnerEvent as Event

from onemind.server.streamlit_seams.batches import (
    HANDLER,
    Handler,
    enqueued_in_batches,
    use_batches,
)


class Session:
    """As much of a session as is asked of one; the loop's work waits in `soon`."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []
        self.told: list[str] = []
        self._scriptrunner: object = "script"
        self._browser_queue = ForwardMsgQueue()
        self.woken = 0

    def _call_soon_on_event_loop(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def _enqueue_forward_msg(self, message: ForwardMsg) -> None:
        self._browser_queue.enqueue(message)
        self.woken += 1

    def tell(self, sender: object, event: Event, **more: Any) -> None:
        """Do as Streamlit does with what is told piece by piece."""
        self._call_soon_on_event_loop(lambda: self._reported(event.value))

    def _reported(self, word: str) -> None:
        self.told += [*self.sent(), word]

    def turn(self) -> None:
        """Let the loop do what waits."""
        waiting, self.soon = self.soon, []
        for each in waiting:
            each()

    def sent(self) -> list[str]:
        """Return what stands in the queue to the browser, and empty it."""
        return [message.ref_hash for message in self._browser_queue.flush()]


def _draw(batches: Handler, session: Any, word: str, sender: Any = "script") -> None:
    message = ForwardMsg(ref_hash=word)
    message.metadata.delta_path[:] = [0, int(word)]
    batches(session, sender, event=Event.ENQUEUE_FORWARD_MSG, forward_msg=message)


def test_what_is_drawn_before_the_loop_comes_is_one_piece() -> None:
    session, batches = Session(), enqueued_in_batches(Session.tell)
    for word in "123":
        _draw(batches, session, word)
    assert len(session.soon) == 1
    session.turn()
    assert session.sent() == ["1", "2", "3"]
    assert session.woken == 1


def test_what_is_drawn_after_it_came_is_another() -> None:
    session, batches = Session(), enqueued_in_batches(Session.tell)
    _draw(batches, session, "1")
    session.turn()
    _draw(batches, session, "2")
    session.turn()
    assert session.sent() == ["1", "2"]


@given(some.lists(some.sampled_from(["draw", "report", "turn"]), max_size=40))
def test_the_order_is_that_of_the_script(steps: list[str]) -> None:
    session, batches, wanted = Session(), enqueued_in_batches(Session.tell), []
    for place, step in enumerate(steps):
        if step == "turn":
            session.turn()
            continue
        if step == "draw":
            _draw(batches, session, str(place))
        else:
            batches(session, "script", event=Event.SCRIPT_STARTED)
        wanted.append(str(place) if step == "draw" else Event.SCRIPT_STARTED.value)
    session.turn()
    assert session.told + session.sent() == wanted


def test_what_a_script_drew_that_is_no_longer_the_sessions_is_dropped() -> None:
    session, batches = Session(), enqueued_in_batches(Session.tell)
    _draw(batches, session, "1", sender="old")
    _draw(batches, session, "2")
    session.turn()
    assert session.sent() == ["2"]


def test_sessions_do_not_share_a_batch() -> None:
    one, other, batches = Session(), Session(), enqueued_in_batches(Session.tell)
    _draw(batches, one, "1")
    _draw(batches, other, "2")
    one.turn()
    other.turn()
    assert (one.sent(), other.sent()) == (["1"], ["2"])


@pytest.fixture
def own() -> Iterator[object]:
    """Streamlit's own function, put back at the end."""
    found = getattr(AppSession, HANDLER)
    yield found
    setattr(AppSession, HANDLER, found)


def test_streamlits_sessions_use_ours_once_and_for_all(own: object) -> None:
    use_batches()
    ours = getattr(AppSession, HANDLER)
    assert ours is not own
    use_batches()
    assert getattr(AppSession, HANDLER) is ours
