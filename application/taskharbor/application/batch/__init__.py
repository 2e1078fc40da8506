"""Many commands in one commit."""
