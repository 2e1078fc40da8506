"""Tasks and their occurrences."""
