"""Every touch of Streamlit's insides; `standings` says which are on and why."""

from onemind.server.streamlit_seams import cache_log as cache_log  # first: it quiets the next ones
from onemind.server.streamlit_seams.bundles import Bundles, warm
from onemind.server.streamlit_seams.headers import Headers, with_ours
from onemind.server.streamlit_seams.log import use_own_log
from onemind.server.streamlit_seams.menu import use_own_menu
from onemind.server.streamlit_seams.messages import sifted
from onemind.server.streamlit_seams.page import OwnPage
from onemind.server.streamlit_seams.seams import Standing, log_missing, standings

__all__ = [
    "Bundles",
    "Headers",
    "OwnPage",
    "Standing",
    "log_missing",
    "sifted",
    "standings",
    "use_own_log",
    "use_own_menu",
    "warm",
    "with_ours",
]
