"""What the contracts work with: a workspace, short names for common calls, and the store beside one in memory."""
