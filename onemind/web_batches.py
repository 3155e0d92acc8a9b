"""What a script draws, handed over to the server's loop together and not piece by piece.

Streamlit wakes the loop for each element. A page of a hundred elements wakes it a hundred times,
a tenth of what the page costs; here what is drawn until the loop comes to it is one piece. The
order stays: whatever else a script's run reports closes the batch before it.

Where another version of Streamlit does this otherwise, nothing is changed (a test says so).
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent

TOLD = "_on_scriptrunner_event"
USED = (TOLD, "_call_soon_on_event_loop", "_enqueue_forward_msg")


class Batches:
    """The batch of each session that is still open: who draws, and what was drawn since."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell, self._lock = tell, Lock()
        self._open: WeakKeyDictionary[AppSession, tuple[object, list[ForwardMsg]]]
        self._open = WeakKeyDictionary()

    def told(
        self,
        session: AppSession,
        sender: ScriptRunner | None,
        event: ScriptRunnerEvent,
        forward_msg: ForwardMsg | None = None,
        **more: Any,
    ) -> None:
        """Put what was drawn into the batch; anything else closes it and is told as ever."""
        if event is not ScriptRunnerEvent.ENQUEUE_FORWARD_MSG or forward_msg is None:
            with self._lock:
                self._open.pop(session, None)
            self._tell(session, sender, event, forward_msg=forward_msg, **more)
            return
        with self._lock:
            by, batch = self._open.get(session, (None, []))
            if by is sender and batch:
                batch.append(forward_msg)
                return
            batch = [forward_msg]
            self._open[session] = (sender, batch)
        session._call_soon_on_event_loop(lambda: self._hand_over(session, sender, batch))

    def _hand_over(
        self, session: AppSession, sender: ScriptRunner | None, batch: list[ForwardMsg]
    ) -> None:
        with self._lock:
            _, current = self._open.get(session, (None, None))
            if current is batch:
                del self._open[session]
        if sender is session._scriptrunner:  # else another script draws there now
            *first, last = batch
            for message in first:
                session._browser_queue.enqueue(message)
            session._enqueue_forward_msg(last)  # which wakes the sender, once for all


def use_batches() -> None:
    """Let Streamlit's sessions hand over what is drawn in batches."""
    tell = getattr(AppSession, TOLD, None)
    if tell is None or hasattr(tell, "batches") or not all(hasattr(AppSession, n) for n in USED):
        return
    batches = Batches(tell)

    def told(session: AppSession, *given: Any, **named: Any) -> None:
        batches.told(session, *given, **named)

    told.batches = batches  # type: ignore[attr-defined]
    setattr(AppSession, TOLD, told)
