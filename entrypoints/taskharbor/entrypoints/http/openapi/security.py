"""What OpenAPI says of who may call."""

from typing import Any, Final

from taskharbor.entrypoints.http.openapi.descriptions import Json

FOR_EVERYONE: Final[Json] = {"security": []}
"""Of an operation that needs no credentials, whatever the others need."""


def require_one(document: dict[str, Any], ways_in: dict[str, Json]) -> None:
    """Have the document say that every operation needs one of these, unless it says otherwise itself."""
    if ways_in:
        document.setdefault("components", {})["securitySchemes"] = ways_in
        document["security"] = [{name: []} for name in ways_in]
