"""Use cases that look for tasks: find, count, facets, saved filters, and change all that match."""
