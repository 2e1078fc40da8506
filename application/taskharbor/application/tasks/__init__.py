"""Use cases of one task."""
