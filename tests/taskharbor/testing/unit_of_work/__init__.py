"""Commits: atomicity, isolation, conflicts, revisions."""
