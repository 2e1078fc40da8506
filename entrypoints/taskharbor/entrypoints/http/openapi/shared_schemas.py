"""The OpenAPI document with each schema once, under `components`: generators of clients make a class of each."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.openapi.security import require_one

_AT: Final = "#/components/schemas/"


def document_of(routes: Sequence[BaseRoute], about: Json, ways_in: dict[str, Json]) -> Json:
    """Return the document that shows these routes of FastAPI, and names the ways in."""
    document = get_openapi(**about, routes=routes)
    share_schemas(document)
    require_one(document, ways_in)
    return document


def share_schemas(document: dict[str, Any]) -> None:
    """Move every schema of an object that has a title to the components, and refer to it.

    FastAPI does so for models; schemas of our own stand wherever they are used. Of several that differ and have the
    same title, the later ones get a number.
    """
    components: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for name in list(components):
        components[name] = _Sharing(components).inside(components[name])
    document["paths"] = _Sharing(components).of(document["paths"])


class _Sharing:
    def __init__(self, components: dict[str, Any]) -> None:
        self._components = components

    def of(self, part: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return a part of the document with references in place of what is shared."""
        if isinstance(part, list):
            return [self.of(item) for item in part]
        if not isinstance(part, dict):
            return part
        found = self.inside(part)
        if found.get("type") == "object" and "properties" in found and isinstance(found.get("title"), str):
            return {"$ref": _AT + self._name_of(found)}
        return found

    def inside(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a schema whose parts are shared, and not itself. Examples are no schemas."""
        return {
            name: value if name in {"example", "examples", "default"} else self.of(value)
            for name, value in schema.items()
        }

    def _name_of(self, schema: dict[str, Any]) -> str:
        title = "".join(filter(str.isalnum, schema["title"]))
        names = [title, *(f"{title}{number}" for number in range(2, 100))]
        return next(name for name in names if self._components.setdefault(name, schema) == schema)
