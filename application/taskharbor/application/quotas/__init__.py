"""How much a workspace may hold."""
