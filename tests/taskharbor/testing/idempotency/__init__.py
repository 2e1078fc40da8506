"""Idempotency keys and creates with a uid."""
