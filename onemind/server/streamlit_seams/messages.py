"""What a browser may say over the websocket: what its page says, and nothing a developer's would.

Whoever has a session can write messages of their own. Streamlit empties every cache of the process
when any of them says so, tells where the code comes from, and writes files for a developer's tools.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive

from onemind.server.streamlit_seams.seams import is_on

OPERATION = "backend_operation_request"
SAID = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", OPERATION)
OPERATIONS = ("deferred_file", "dataframe_chunk")


def sifted(receive: Receive) -> Receive:
    """Return what receives the messages that may be said; the others are passed over."""

    async def received() -> Message:
        message = await receive()
        while not may_be_said(message):
            message = await receive()
        return message

    return received


def may_be_said(message: Message) -> bool:
    """Whether a message goes on to Streamlit, which ends a websocket that says what is none."""
    content = message.get("bytes") if message["type"] == "websocket.receive" else None
    if not content:
        return True
    if not is_on("messages"):
        return False
    from streamlit.proto.BackMsg_pb2 import BackMsg

    try:
        said = BackMsg.FromString(content)
    except DecodeError:
        return True
    kind = said.WhichOneof("type")
    if kind == OPERATION:
        return said.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return kind in SAID
