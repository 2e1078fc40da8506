"""Recurrence rules, expanded by python-dateutil; without it, an error that says what to install."""

from taskharbor.adapters.recurrence.choice import installed_occurrences

__all__ = ["installed_occurrences"]
