"""A small face for agents: a few tools over the Model Context Protocol, on the calls of a harbor."""
