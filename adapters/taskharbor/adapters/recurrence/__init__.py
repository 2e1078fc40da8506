"""Recurrence rules, expanded by python-dateutil."""

from taskharbor.adapters.recurrence.lazy_occurrences import LazyOccurrences

__all__ = ["LazyOccurrences"]
