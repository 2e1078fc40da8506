"""Subtasks, dependencies, comments and their order."""
