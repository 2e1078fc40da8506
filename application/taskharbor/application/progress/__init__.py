"""Moving tasks along, and their occurrences."""
