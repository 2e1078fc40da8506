"""Recurrence rules, expanded by python-dateutil."""

from taskharbor.adapters.recurrence.lazy_occurrences import AnyOccurrences

__all__ = ["AnyOccurrences"]
