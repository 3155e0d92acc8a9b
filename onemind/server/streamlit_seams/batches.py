"""What a script draws, handed over to the server's loop together and not piece by piece.

Streamlit wakes the loop for each element. A page of a hundred elements wakes it a hundred times,
a tenth of what the page costs; here what is drawn until the loop comes to it is one piece. The
order stays: whatever else a script's run reports closes the batch before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from onemind.server.streamlit_seams.seams import is_on

if TYPE_CHECKING:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.app_session import AppSession
    from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent

HANDLER = "_on_scriptrunner_event"
OPEN = "_onemind_batch"  # a session's batch
Handler = Callable[..., None]


class Batch:
    """What one script drew since the loop came to it last."""

    def __init__(self, sender: ScriptRunner | None) -> None:
        self.sender = sender
        self.drawn: deque[ForwardMsg] = deque()
        self.is_open = True


def enqueued_in_batches(handler: Handler) -> Handler:
    """Return what tells a session the same as `handler`, what was drawn in batches."""
    from streamlit.runtime.scriptrunner import ScriptRunnerEvent

    def enqueue(
        session: AppSession,
        sender: ScriptRunner | None,
        event: ScriptRunnerEvent,
        forward_msg: ForwardMsg | None = None,
        **more: Any,
    ) -> None:
        if event is ScriptRunnerEvent.ENQUEUE_FORWARD_MSG and forward_msg is not None:
            _draw(session, sender, forward_msg)
            return
        session.__dict__.pop(OPEN, None)
        handler(session, sender, event, forward_msg=forward_msg, **more)

    return enqueue


def _draw(session: AppSession, sender: ScriptRunner | None, message: ForwardMsg) -> None:
    """Put it into the batch; without a lock, so a batch closed meanwhile is handed over again."""
    batch: Batch | None = session.__dict__.get(OPEN)
    is_new = batch is None or batch.sender is not sender
    if batch is None or is_new:
        batch = Batch(sender)
        session.__dict__[OPEN] = batch
    batch.drawn.append(message)
    if is_new or not batch.is_open:
        session._call_soon_on_event_loop(lambda: _hand_over(session, batch))


def _hand_over(session: AppSession, batch: Batch) -> None:
    batch.is_open = False
    if session.__dict__.get(OPEN) is batch:
        session.__dict__.pop(OPEN, None)
    drawn = batch.drawn
    while drawn:
        message = drawn.popleft()
        if batch.sender is not session._scriptrunner:
            continue  # another script draws there now
        if drawn:
            session._browser_queue.enqueue(message)
        else:
            session._enqueue_forward_msg(message)  # which wakes the sender, once for all


def use_batches() -> None:
    """Let Streamlit's sessions hand over what is drawn in batches."""
    if not is_on("batches"):
        return
    from streamlit.runtime.app_session import AppSession

    handler = getattr(AppSession, HANDLER)
    if hasattr(handler, "own"):
        return
    enqueue = enqueued_in_batches(handler)
    enqueue.own = handler  # type: ignore[attr-defined]
    setattr(AppSession, HANDLER, enqueue)
