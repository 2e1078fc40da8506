"""Webhooks: commits told to other services, in order and at least once."""
