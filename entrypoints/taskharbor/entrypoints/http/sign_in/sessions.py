"""The session cookie as a way in."""

from collections.abc import Awaitable

from starlette.requests import Request

from taskharbor.application.access.principals import Principals
from taskharbor.application.principal import Principal
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.sign_in.cookies import SESSION, Cookies


class SessionAuthenticator:
    """Takes the cookie of a browser session, unless the request has other credentials.

    That a page of another site sends it along is not believed to be the user's wish: `BrowserGuardMiddleware` has let
    no change pass that does not come from a page of ours.
    """

    def __init__(self, principals: Principals, cookies: Cookies) -> None:
        self._principals = principals
        self._cookies = cookies

    def authenticate(self, request: Request, workspace: str | None) -> Awaitable[Principal] | None:
        """Return the principal of the session, if there is one."""
        if b"authorization" in headers_of(request.scope):
            return None
        secret = self._cookies.value(SESSION, request.scope)
        return None if secret is None else self._principals.of_session(secret, workspace)
