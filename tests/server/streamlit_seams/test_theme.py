"""The theme that is worked out once is the one Streamlit tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig, NewSession
from streamlit.runtime import app_session

from onemind.server.streamlit_seams import theme
from onemind.server.streamlit_seams.theme import Tell, kept, use_kept_theme

PARTS = {"theme": (), "theme.light": ("light",), "theme.dark": ("dark",),
         "theme.sidebar": ("sidebar",), "theme.light.sidebar": ("light", "sidebar"),
         "theme.dark.sidebar": ("dark", "sidebar")}  # fmt: skip


@pytest.fixture
def tell() -> Iterator[Tell]:
    """Streamlit's own function, put back at the end."""
    own: Tell = getattr(app_session, theme.TOLD)
    assert not hasattr(own, "known")
    yield own
    setattr(app_session, theme.TOLD, own)


def _message(tell: Tell) -> bytes:
    message = NewSession()
    for section, names in PARTS.items():
        part = message.custom_theme
        for name in names:
            part = getattr(part, name)
        tell(part, section)
    return bytes(message.SerializeToString(deterministic=True))


def test_the_message_is_the_one_streamlit_makes(tell: Tell) -> None:
    told = kept(tell)
    assert _message(tell) == _message(told) == _message(told)
    assert b"#0b5563" in _message(told)


def test_streamlit_still_has_the_function_and_uses_ours(tell: Tell) -> None:
    use_kept_theme()
    ours = getattr(app_session, theme.TOLD)
    assert ours is not tell
    use_kept_theme()
    assert getattr(app_session, theme.TOLD) is ours


def test_it_is_worked_out_once_until_the_settings_are_read_anew() -> None:
    asked: list[str] = []

    def tell(message: CustomThemeConfig, section: str = "theme") -> None:
        asked.append(section)

    told = kept(tell)
    for _ in range(3):
        told(CustomThemeConfig())
    assert asked == ["theme"]
    config._on_config_parsed.send()
    told(CustomThemeConfig())
    assert asked == ["theme", "theme"]
