"""The log: lines for people, or JSON for programs, on standard error, by structlog.

Each line has the ids bound meanwhile: of the request, or of the screen's session. What nobody may
read there is taken out of the finished line, wherever it came from: e-mail addresses, tokens, and
the queries of addresses. A traceback has no values of variables.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from structlog.typing import Processor

_log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
JSON, TEXT = "json", "text"
# What a line may have, as docs/operations.md lists it.
FIELDS = {
    "timestamp": "when, in UTC",
    "level": "info, warning or error",
    "logger": "the module that wrote it",
    "event": "what happened",
    "request": "the id of the request meanwhile",
    "session": "the id of the screen that is drawn meanwhile",
    "method": "how a request asked: GET, POST or another",
    "path": "which address it asked for, as it is declared",
    "status": "what it was answered with: 101 for a websocket, 0 where nobody waited for it",
    "ms": "how many milliseconds it took",
    "page": "the page that was drawn",
    "outcome": "what became of a publish: published, unchanged, overtaken, refused or failed",
    "exception": "the traceback of an error",
}
HIDDEN = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"/share/[\w%.~-]+"), "/share/*"),
    (re.compile(r"[\w-]{43,}"), "[token]"),
    (re.compile(r"(/[\w./*-]*)\?[^\s\"'?]*=[^\s\"']*"), r"\1?…"),
)


def begin(form: str) -> None:
    """Write the log of this process from now on, as JSON or as TEXT."""
    from structlog.stdlib import ProcessorFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_gathering(),
            processors=[ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        )
    )
    root = logging.getLogger()
    for old in [item for item in root.handlers if isinstance(item.formatter, ProcessorFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger("onemind").setLevel(logging.INFO)


def thread_ended(args: threading.ExceptHookArgs) -> None:
    """Log the error that a thread ended with: what `threading.excepthook` is set to."""
    if args.exc_type is not SystemExit and args.exc_value is not None:
        _log.error("a thread ended", exc_info=args.exc_value)


def _gathering() -> list[Processor]:
    from structlog.contextvars import merge_contextvars
    from structlog.processors import TimeStamper
    from structlog.stdlib import ExtraAdder, add_log_level, add_logger_name

    stamp = TimeStamper(fmt="iso", utc=True)
    return [merge_contextvars, add_log_level, add_logger_name, ExtraAdder(FIELDS), stamp]


def _rendering(form: str) -> list[Processor]:
    from structlog.processors import JSONRenderer, format_exc_info

    if form == JSON:
        return [format_exc_info, _clean, JSONRenderer(ensure_ascii=False)]
    from structlog.dev import ConsoleRenderer, plain_traceback

    readable = ConsoleRenderer(
        colors=sys.stderr.isatty(),
        pad_event_to=0,
        sort_keys=False,
        exception_formatter=plain_traceback,
    )
    return [lambda logger, name, event: without_secrets(str(readable(logger, name, event)))]


def _clean(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """Return a text without e-mail addresses, tokens and the queries of addresses."""
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return text


@contextmanager
def bound(**ids: str) -> Iterator[None]:
    """Give every line logged meanwhile, also in threads that begin here, these ids."""
    from structlog.contextvars import bound_contextvars

    with bound_contextvars(**ids):
        yield


def bind(**ids: str) -> None:
    """Give every line that this thread logs from now on these ids, and no others."""
    from structlog.contextvars import bind_contextvars, clear_contextvars

    clear_contextvars()
    bind_contextvars(**ids)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """Return work that another thread does under the ids that are bound here now."""
    from structlog.contextvars import get_contextvars

    ids = get_contextvars()

    @wraps(work)
    def under(*args: P.args, **named: P.kwargs) -> T:
        bind(**ids)
        return work(*args, **named)

    return under
