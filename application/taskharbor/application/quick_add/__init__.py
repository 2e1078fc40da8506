"""A task of one line of text."""
