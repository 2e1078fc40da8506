"""Undoing a commit."""
