"""Recurrence rules, expanded by python-dateutil."""

from taskharbor.adapters.recurrence.any_occurrences import AnyOccurrences

__all__ = ["AnyOccurrences"]
