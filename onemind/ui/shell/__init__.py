"""The frame around every page: script, menu, style, live updates, kiosk."""

__all__ = ["kiosk", "live", "script", "style"]
