"""The ways in: password, provider, share link; and the way out of a digest."""

from onemind.server.entrances import login, oidc, share, unsubscribe

__all__ = ["login", "oidc", "share", "unsubscribe"]
