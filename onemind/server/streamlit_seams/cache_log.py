"""No warning for each kept function: they are declared before the server runs.

It is set when this is imported, which must be before `onemind.ui` is: its functions are declared
then.
"""

from __future__ import annotations

import logging

from onemind.server.streamlit_seams.seams import is_on

WRITER = "streamlit.runtime.caching.cache_data_api"
NEEDLESS = "No runtime found"


def is_needed(record: logging.LogRecord) -> bool:
    """Whether a line of the log says something."""
    return NEEDLESS not in record.getMessage()


def use_quiet_log() -> None:
    """Keep Streamlit from warning of each function that is declared as kept."""
    if is_on("cache_log"):
        logging.getLogger(WRITER).addFilter(is_needed)


use_quiet_log()
