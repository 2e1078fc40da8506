"""Reads a task off one line, with lark."""
