"""The stream of commits (Server-Sent Events)."""
