"""What the pages under pages/admin show."""

__all__ = ["activity", "links", "links_made", "people"]
