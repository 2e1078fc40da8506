"""Subtasks, dependencies, comments and urgency."""
