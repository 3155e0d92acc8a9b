"""Files that belong to the store and are no tables: originals, waiting uploads, added outlines.

They lie in a folder, or in a bucket from which they are fetched once.
"""

from __future__ import annotations

from onemind.files.bucket import BucketFiles
from onemind.files.folder import FolderFiles, digest, sync
from onemind.files.kept import Files
from onemind.settings import Settings

__all__ = ["BucketFiles", "Files", "FolderFiles", "digest", "files_of", "sync"]


def files_of(settings: Settings, kind: str) -> Files:
    """Return the files of a kind ("originals", "staged", "boundaries") where they are kept."""
    if settings.bucket:
        return BucketFiles(settings.bucket, kind, settings.store / kind)
    return FolderFiles((settings.data or settings.store) / kind)
