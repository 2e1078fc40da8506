"""What a soak does, and how it looks at the server."""
