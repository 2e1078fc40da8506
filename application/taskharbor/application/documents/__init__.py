"""Tasks as JSON documents."""
