"""One request and its answer: who calls, cookies, the pages of our own."""

from onemind.server.exchange.caller import (
    Caller,
    caller,
    is_secure,
    request_id,
    trace_parent,
    without_identity,
)
from onemind.server.exchange.cookies import (
    ancestors,
    drop_session,
    framed_by,
    link_cookie,
    set_form,
    set_session,
    without_links,
)
from onemind.server.exchange.html import page, says
from onemind.server.exchange.problem import problem

__all__ = [
    "Caller",
    "ancestors",
    "caller",
    "drop_session",
    "framed_by",
    "is_secure",
    "link_cookie",
    "page",
    "problem",
    "request_id",
    "says",
    "set_form",
    "set_session",
    "trace_parent",
    "without_identity",
    "without_links",
]
