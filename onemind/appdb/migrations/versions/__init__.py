"""The revisions, in order; one that is released is never changed."""
