"""The theme, which Streamlit tells each run of a script anew: worked out once.

It goes through all of its options six times for that, a twentieth of what an overview costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from onemind.server.streamlit_seams.seams import is_on

if TYPE_CHECKING:
    from streamlit.proto.NewSession_pb2 import CustomThemeConfig

TOLD = "_populate_theme_msg"
Tell = Callable[..., None]


def use_kept_theme() -> None:
    """Let Streamlit tell a theme as it was worked out first, until its settings are read anew."""
    if not is_on("theme"):
        return
    from streamlit.runtime import app_session

    tell = getattr(app_session, TOLD)
    if not hasattr(tell, "known"):
        setattr(app_session, TOLD, kept(tell))


def kept(tell: Tell) -> Tell:
    """Return what adds to a message what `tell` would add for a section."""
    from streamlit import config
    from streamlit.proto.NewSession_pb2 import CustomThemeConfig

    known: dict[str, CustomThemeConfig] = {}

    def told(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            made = CustomThemeConfig()
            tell(made, section)
            known[section] = made
        if known[section].ListFields():
            message.MergeFrom(known[section])

    told.known = known  # type: ignore[attr-defined]
    config.on_config_parsed(known.clear, force_connect=True)
    return told
