"""History, trash, undo, and reading the past."""
