"""The formats of request bodies."""

from typing import Final

JSON: Final = ("application/json",)

MERGE_PATCH: Final = ("application/merge-patch+json", "application/json")
"""RFC 7396, or plain JSON, which is read as the same."""
