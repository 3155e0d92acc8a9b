"""What the letters page shows: who gets one, files to take along, the text, sending by mail."""

from onemind.ui.publish.letters.listed import files, made, whom
from onemind.ui.publish.letters.mailing import mailing
from onemind.ui.publish.letters.text import edited

__all__ = ["edited", "files", "made", "mailing", "whom"]
