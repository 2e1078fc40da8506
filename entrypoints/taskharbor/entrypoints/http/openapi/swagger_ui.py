"""The page that shows the API, with its scripts served from here: no content network is asked for them."""

from html import escape
from importlib.resources import as_file, files
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

DOCS: Final = "/docs"

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: run what is served here, and ask this server. Nothing in it is a script or a style."""

_ASSETS: Final = f"{DOCS}/assets"
_START: Final = f"{DOCS}/start.js"

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link type="text/css" rel="stylesheet" href="{assets}/swagger-ui.css">
<link rel="icon" href="{assets}/favicon.png">
<title>{title}</title>
</head>
<body>
<div id="swagger-ui" data-url="{url}"></div>
<script src="{assets}/swagger-ui-bundle.js"></script>
<script src="{start}"></script>
</body>
</html>
"""

_SCRIPT: Final = """SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.url,
  dom_id: "#swagger-ui",
  layout: "BaseLayout",
  deepLinking: true,
  showExtensions: true,
  showCommonExtensions: true,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


def add_api_docs(app: FastAPI) -> None:
    """Serve the documentation of `app` with the Swagger UI that fastapi-offline packs."""

    async def docs(request: Request) -> Response:
        root = escape(request.scope.get("root_path", "").rstrip("/"))
        page = _PAGE.format(
            title=escape(app.title), assets=f"{root}{_ASSETS}", start=f"{root}{_START}", url=f"{root}{app.openapi_url}"
        )
        return HTMLResponse(page, headers={"content-security-policy": CONTENT_SECURITY_POLICY})

    async def start(_request: Request) -> Response:
        return Response(_SCRIPT, media_type="text/javascript")

    app.add_route(DOCS, docs, include_in_schema=False)
    app.add_route(_START, start, include_in_schema=False)
    with as_file(files("fastapi_offline") / "static") as folder:
        app.mount(_ASSETS, StaticFiles(directory=folder))
