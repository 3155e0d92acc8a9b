"""Every touch of Streamlit's insides."""

from onemind.server.streamlit_seams.batches import use_batches
from onemind.server.streamlit_seams.bundles import Bundles, warm
from onemind.server.streamlit_seams.headers import Headers
from onemind.server.streamlit_seams.page import OwnPage
from onemind.server.streamlit_seams.theme import use_kept_theme

__all__ = ["Bundles", "Headers", "OwnPage", "use_batches", "use_kept_theme", "warm"]
