"""From a path to its operation."""
