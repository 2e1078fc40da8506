"""Filters, orders and facets as SQL: one compiler for both databases."""
