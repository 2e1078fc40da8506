"""The changes since a revision, as a page or as they happen."""
