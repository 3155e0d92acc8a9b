"""One log: what Streamlit and uvicorn write goes the way of our own lines.

Streamlit gives each of its loggers a handler of its own, and uvicorn has one by its settings. Both
are taken away, and their lines handed on to the root's.
"""

from __future__ import annotations

import logging

from onemind.server.streamlit_seams.seams import is_on

UVICORN = ("uvicorn", "uvicorn.asgi", "uvicorn.error")
ACCESS = "uvicorn.access"  # its lines have whole addresses; ours do not


def use_own_log() -> None:
    """Have Streamlit and uvicorn write into our log, now and for loggers made later."""
    if is_on("log"):
        from streamlit import logger

        logger.setup_formatter = hand_on
        logger.update_formatter()
    for name in UVICORN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger(ACCESS).handlers.clear()
    logging.getLogger(ACCESS).propagate = False


def hand_on(logger: logging.Logger) -> None:
    """Take a logger's own handler away, and hand its lines on."""
    own = getattr(logger, "streamlit_console_handler", None)
    if own is not None:
        logger.removeHandler(own)
    logger.propagate = logger.name != ACCESS
