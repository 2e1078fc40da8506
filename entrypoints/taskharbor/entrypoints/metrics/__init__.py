"""Numbers about a server, for whoever watches it."""
