"""Tasks, their fields, lists and pages."""
