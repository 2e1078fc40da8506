"""Filters, sort orders, urgency and words: what a search finds, and in which order."""
