"""Filters that are saved under a name."""
