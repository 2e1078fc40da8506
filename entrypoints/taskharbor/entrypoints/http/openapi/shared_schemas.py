"""The OpenAPI document with each schema once, under `components`: generators of clients make a class of each."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.openapi.security import require_one

_AT: Final = "#/components/schemas/"


def describe_once(
    app: FastAPI, described: Callable[[Iterable[BaseRoute]], list[BaseRoute]], ways_in: dict[str, Json]
) -> None:
    """Have the app's document show what its routes are `described` as, share its schemas, and name the ways in."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                openapi_version=app.openapi_version,
                summary=app.summary,
                description=app.description,
                routes=described(app.routes),
                webhooks=app.webhooks.routes,
                tags=app.openapi_tags,
                servers=app.servers,
                terms_of_service=app.terms_of_service,
                contact=app.contact,
                license_info=app.license_info,
                separate_input_output_schemas=app.separate_input_output_schemas,
                external_docs=app.openapi_external_docs,
            )
            share_schemas(document)
            require_one(document, ways_in)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation extends it


def make_beside(app: FastAPI) -> None:
    """Have the document made in a thread when it is first asked for: that takes longer than a request may compute."""
    (shown,) = (route for route in app.router.routes if isinstance(route, Route) and route.path == app.openapi_url)
    turn = asyncio.Lock()

    async def openapi(request: Request) -> Response:
        async with turn:
            if app.openapi_schema is None:
                await asyncio.to_thread(app.openapi)
        answer: Response = await shown.endpoint(request)
        return answer

    app.router.routes.remove(shown)
    app.add_route(shown.path, openapi, include_in_schema=False)


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
