"""History, trash, undo, and reading past states."""
