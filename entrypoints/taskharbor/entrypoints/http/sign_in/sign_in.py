"""All that an app has for those who sign in: ways in, addresses for browsers, and what must be opened for them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http.access.authenticators import Authenticator
from taskharbor.entrypoints.http.rate_limits.limiter import Failures
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.sign_in.cookies import Cookies
from taskharbor.entrypoints.http.sign_in.endpoints import EVERYWHERE, PATH, SIGN_OUT, SignInEndpoints
from taskharbor.entrypoints.http.sign_in.refusals import Endpoint, answered
from taskharbor.entrypoints.http.sign_in.sessions import SessionAuthenticator
from taskharbor.entrypoints.settings.settings import Settings

RESOURCE_METADATA: Final = "/.well-known/oauth-protected-resource"
"""Where clients learn which issuers this server believes (RFC 9728 section 3)."""


@frozen
class SignIn:
    """What signing in takes.

    Attributes:
        ways_in: those besides API tokens.
        routes: where browsers go.
        opened: what is entered while the app lives.
        resource_metadata: where it is said which issuers are believed; None if none is.
    """

    ways_in: Sequence[Authenticator] = ()
    routes: Sequence[BaseRoute] = ()
    opened: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    resource_metadata: str | None = None


def sign_in_of(container: Container, failures: Failures | None) -> SignIn:
    """Return what the settings say; nothing where everyone is the user of this machine."""
    settings, access = container.settings(), container.use_cases().access
    if settings.auth == "local":
        return SignIn()
    cookies = Cookies(is_secure=settings.has_tls)
    browsers = [each.name for each in settings.oidc_issuers if each.client_id is not None]
    pages = SignInEndpoints(access, cookies, browsers, root_path=settings.root_path)
    endpoints: list[tuple[str, str, Endpoint]] = [
        ("GET", PATH, pages.choose),
        ("GET", f"{PATH}/link", pages.show_link),
        ("POST", f"{PATH}/link", pages.use_link),
        ("POST", SIGN_OUT, pages.sign_out),
        ("POST", EVERYWHERE, pages.sign_out_everywhere),
    ]
    sessions = SessionAuthenticator(access.principals, cookies)
    if not settings.oidc_issuers:
        return SignIn([sessions], _routes(endpoints, failures, cookies))

    # An extra; the settings have made sure that it is there.
    from taskharbor.entrypoints.http.access.open_id_connect import OpenIdConnect  # noqa: PLC0415
    from taskharbor.entrypoints.http.sign_in.issuer_endpoints import IssuerEndpoints  # noqa: PLC0415

    base = (settings.public_url or "").rstrip("/")
    issuers = OpenIdConnect(settings.oidc_issuers, access)
    flow = IssuerEndpoints(access, cookies, issuers, base=base, root_path=settings.root_path)
    endpoints += [
        ("GET", f"{PATH}/with/{{issuer}}", flow.begin),
        ("GET", f"{PATH}/with/{{issuer}}/callback", flow.finish),
    ]
    routes = [*_routes(endpoints, failures, cookies), _resource_metadata(settings, base)]
    where = f"{base}{settings.root_path}{RESOURCE_METADATA}"
    return SignIn([sessions, issuers], routes, issuers.opened, where)


def _routes(endpoints: Sequence[tuple[str, str, Endpoint]], failures: Failures | None, cookies: Cookies) -> list[Route]:
    return [
        Route(path, answered(endpoint, failures, cookies), methods=[method], include_in_schema=False)
        for method, path, endpoint in endpoints
    ]


def _resource_metadata(settings: Settings, base: str) -> Route:
    """Say which issuers are believed (RFC 9728 section 2)."""
    document = {
        "resource": f"{base}{settings.root_path}",
        "authorization_servers": [each.issuer for each in settings.oidc_issuers],
        "bearer_methods_supported": ["header"],
        "resource_name": "Taskharbor",
    }

    async def metadata(_request: Request) -> Response:
        return json_answer(document)

    return Route(RESOURCE_METADATA, metadata, include_in_schema=False)
