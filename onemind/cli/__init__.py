"""Everything the pages do, scripted."""

from onemind.cli.parser import main

__all__ = ["main"]
