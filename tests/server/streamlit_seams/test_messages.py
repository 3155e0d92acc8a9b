"""What a browser may say over the websocket."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest

from onemind.server.streamlit_seams.messages import may_be_said


def said(content: bytes) -> dict[str, object]:
    return {"type": "websocket.receive", "bytes": content}


def operation(name: str) -> BackMsg:
    found = BackMsg()
    getattr(found.backend_operation_request, name).SetInParent()
    return found


@pytest.mark.parametrize(
    ("message", "may"),
    [
        (BackMsg(rerun_script=ClientState(query_string="state=MA")), True),
        (BackMsg(stop_script=True), True),
        (BackMsg(app_heartbeat=True), True),
        (BackMsg(file_urls_request=FileURLsRequest(request_id="1")), True),
        (operation("deferred_file"), True),
        (operation("dataframe_chunk"), True),
        (operation("install_skills"), False),
        (BackMsg(clear_cache=True), False),
        (BackMsg(load_git_info=True), False),
        (BackMsg(set_run_on_save=True), False),
        (BackMsg(debug_shutdown_runtime=True), False),
    ],
)
def test_a_page_says_what_it_needs_and_no_more(message: BackMsg, may: bool) -> None:
    assert may_be_said(said(message.SerializeToString())) is may


def test_every_kind_of_message_that_streamlit_takes_is_known() -> None:
    """A new one is passed over until somebody has looked at what it does."""
    kinds = {item.name for item in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == {
        "rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "clear_cache",
        "load_git_info", "set_run_on_save", "debug_disconnect_websocket", "debug_shutdown_runtime",
        "backend_operation_request",
    }  # fmt: skip


def test_what_is_no_message_is_left_to_streamlit() -> None:
    for message in (said(b""), said(b"\xff\xff"), {"type": "websocket.disconnect", "code": 1000}):
        assert may_be_said(message)
