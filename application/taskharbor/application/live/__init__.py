"""Commits as they happen, one after the other, for streams and webhooks."""
