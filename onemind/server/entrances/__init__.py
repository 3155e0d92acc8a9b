"""The ways in: password, provider, share link."""

from onemind.server.entrances import login, oidc, share

__all__ = ["login", "oidc", "share"]
