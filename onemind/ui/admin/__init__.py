"""What the pages under pages/admin show."""

__all__ = ["activity", "digests", "links", "links_made", "people"]
