"""Copying versions from one store into another, and proving that they are the same."""

from onemind.store.moving.compare import content
from onemind.store.moving.copy import copy_version

__all__ = ["content", "copy_version"]
