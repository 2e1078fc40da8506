"""The page that shows the API, with its scripts served from here: no content network is asked for them."""

from importlib.resources import as_file, files
from typing import Final

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

DOCS: Final = "/docs"

_ASSETS: Final = f"{DOCS}/assets"


def add_api_docs(app: FastAPI) -> None:
    """Serve the documentation of `app` with the Swagger UI that fastapi-offline packs."""

    async def docs(request: Request) -> Response:
        root = request.scope.get("root_path", "").rstrip("/")
        return get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{root}{_ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{_ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}{_ASSETS}/favicon.png",
        )

    app.add_route(DOCS, docs, include_in_schema=False)
    with as_file(files("fastapi_offline") / "static") as folder:
        app.mount(_ASSETS, StaticFiles(directory=folder))
