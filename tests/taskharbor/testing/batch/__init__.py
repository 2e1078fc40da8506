"""Batches: many commands in one commit."""
