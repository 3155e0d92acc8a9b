"""Each place that relies on Streamlit's insides, and whether it is on.

A seam is on when Streamlit still has all that it needs, and, unless it is needed for safety or for
right screens, when ONEMIND_STREAMLIT_SEAMS leaves it on. One that misses something stays off and
says so; the dashboard starts without it.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import streamlit

from onemind import settings
from onemind.errors import WrongUse

HOME = Path(streamlit.__file__).parent
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seam:
    """A place that relies on Streamlit's insides.

    `needs` are dotted names, functions with the parameters used (`module.function(one, other)`),
    and files of Streamlit's package, with a text in them where it matters (`static/page: text`).
    `stays` says why the setting does not turn it off; it is empty where the setting does.
    """

    name: str
    replaces: str
    needs: tuple[str, ...]
    without: str
    stays: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a seam is on and why; `sound` unless Streamlit lacks something."""

    name: str
    on: bool
    sound: bool
    says: str


BACK = "streamlit.proto.BackMsg_pb2.BackMsg"

REGISTER = {
    seam.name: seam
    for seam in (
        Seam(
            "bundles",
            "Streamlit's answers for its own files: compressed, and kept by browsers for good",
            ("static/static/js/index.*.js",),
            "Streamlit sends them itself: a first visit loads more.",
        ),
        Seam(
            "page",
            "Streamlit's HTML page: title, style sheet, wall mode, and what to do when a session "
            "ends",
            ("static/index.html: <title>Streamlit</title>", "static/index.html: </head>"),
            "The page is Streamlit's own, without our style sheet, title and wall mode.",
            "the screens are right with it only",
        ),
        Seam(
            "policy",
            "nothing; the content security policy names the page's own inline scripts",
            ("static/index.html: <script>",),
            "Browsers refuse the page's inline scripts: the dashboard may stay empty.",
            "it keeps foreign scripts out",
        ),
        Seam(
            "menu",
            "Streamlit's own menu of the folder called pages",
            ("streamlit.runtime.pages_manager.PagesManager.uses_pages_directory",),
            "Streamlit may open a deep link after a start without the menu and its permissions.",
            "it keeps pages behind their permissions",
        ),
        Seam(
            "messages",
            "nothing; what a browser may not say over the websocket is passed over",
            (
                f"{BACK}.FromString",
                f"{BACK}.WhichOneof",
                f"{BACK}.RERUN_SCRIPT_FIELD_NUMBER",
                f"{BACK}.BACKEND_OPERATION_REQUEST_FIELD_NUMBER",
            ),
            "Nothing that a browser says is let through: no page draws, and nothing is given away.",
            "it keeps a developer's orders out",
        ),
        Seam(
            "cache_log",
            "a warning in the log for each kept function",
            ("streamlit.runtime.caching.cache_data_api._LOGGER",),
            "A start writes a warning for each kept function.",
            "it changes no more than the log",
        ),
        Seam(
            "log",
            "the handler of each of Streamlit's loggers, so that its lines are as ours",
            ("streamlit.logger.setup_formatter(logger)", "streamlit.logger.update_formatter"),
            "Streamlit's lines in the log have a form of their own, and no id.",
            "it changes no more than the log",
        ),
    )
}


@cache
def missing(seam: Seam) -> tuple[str, ...]:
    """Return what a seam needs and Streamlit does not have."""
    return tuple(need for need in seam.needs if not _is_there(need))


def is_on(name: str) -> bool:
    """Whether a seam is in use."""
    seam = REGISTER[name]
    return not missing(seam) and (bool(seam.stays) or _is_chosen(name))


def _is_chosen(name: str) -> bool:
    chosen = settings.load().seams
    return chosen is None or name in chosen


def standings() -> list[Standing]:
    """Return how each seam stands; raises WrongUse where the setting names one that is none."""
    optional = [seam.name for seam in REGISTER.values() if not seam.stays]
    wrong = [name for name in settings.load().seams or () if name not in optional]
    if wrong:
        raise WrongUse(
            f"ONEMIND_STREAMLIT_SEAMS has {wrong[0]!r}; write off, or some of "
            f"{', '.join(optional)}."
        )
    return [_standing(seam) for seam in REGISTER.values()]


def _standing(seam: Seam) -> Standing:
    if gone := missing(seam):
        says = f"off, for this Streamlit has no {', '.join(gone)}. {seam.without}"
        return Standing(seam.name, False, False, says)
    if not is_on(seam.name):
        says = f"off, by ONEMIND_STREAMLIT_SEAMS. {seam.without}"
        return Standing(seam.name, False, True, says)
    return Standing(seam.name, True, True, f"on; {seam.stays}" if seam.stays else "on")


def log_missing() -> None:
    """Write a sentence into the log for each seam that Streamlit lacks something for."""
    for standing in standings():
        if not standing.sound:
            _log.warning("The seam %s is %s", standing.name, standing.says)


def _is_there(need: str) -> bool:
    if need.startswith("static/"):
        place, _, text = need.partition(": ")
        return any(text.encode() in (path.read_bytes() if text else b"")
                   for path in HOME.glob(place))  # fmt: skip
    name, bracket, parameters = need.removesuffix(")").partition("(")
    try:
        value = resolve_name(name)
    except ImportError:
        return False
    except AttributeError:
        return _is_set_at_birth(name)
    return not bracket or _takes(value, [part for part in parameters.split(", ") if part])


def _is_set_at_birth(name: str) -> bool:
    """Whether the class's `__init__` gives each object an attribute of this name."""
    owner, _, attribute = name.rpartition(".")
    try:
        begin = resolve_name(owner).__init__
    except (ImportError, AttributeError):
        return False
    return attribute in getattr(getattr(begin, "__code__", None), "co_names", ())


def _takes(value: Any, parameters: list[str]) -> bool:
    return callable(value) and set(parameters) <= set(_parameters(value))


def _parameters(value: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        return []
