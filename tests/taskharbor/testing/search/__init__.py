"""Filters, words, sort orders, facets, and changes of all that match."""
