"""Search, facets, bulk changes and saved filters."""
