"""The addresses that browsers go to on the way to an issuer and back."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.access.sessions import StartSession, UseCode
from taskharbor.application.errors import Unauthenticated
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.entrypoints.http.access.open_id_connect import KnownIssuer, OpenIdConnect
from taskharbor.entrypoints.http.requests.errors import PathNotFound
from taskharbor.entrypoints.http.sign_in.code_flow import SignIn, address_for, claims_for
from taskharbor.entrypoints.http.sign_in.cookies import SIGN_IN, Cookies
from taskharbor.entrypoints.http.sign_in.endpoints import PATH, SYSTEM, signed_in
from taskharbor.entrypoints.http.sign_in.pages import redirect

SECONDS: Final = 600
"""Within which a sign-in must come back from the issuer."""


class IssuerEndpoints:
    """Signs in browsers by OpenID Connect. `base` is where they find this server."""

    def __init__(
        self, access: AccessUseCases, cookies: Cookies, issuers: OpenIdConnect, *, base: str, root_path: str
    ) -> None:
        self._access = access
        self._cookies = cookies
        self._issuers = issuers
        self._base = base.rstrip("/")
        self._root = root_path

    async def begin(self, request: Request) -> Response:
        """Send the browser to an issuer."""
        issuer = self._issuer(request)
        sign_in = SignIn.begin(issuer.settings.name)
        address = address_for(sign_in, issuer, await issuer.keys.metadata(), self._redirect_uri(issuer))
        return redirect(address, headers=[self._cookies.set(SIGN_IN, sign_in.as_cookie(), seconds=SECONDS)])

    async def finish(self, request: Request) -> Response:
        """Take the browser back from an issuer. A code is good for one attempt, whatever comes of that."""
        issuer, query = self._issuer(request), request.query_params
        name, url = issuer.settings.name, issuer.settings.issuer
        sign_in = SignIn.from_cookie(self._cookies.value(SIGN_IN, request.scope))
        code = query.get("code", "")
        # `iss` is there if the issuer knows RFC 9207.
        if sign_in is None or not code or query.get("iss", url) != url:
            raise Unauthenticated(is_invalid=True)
        if not sign_in.is_answered_by(name, query.get("state", "")):
            raise Unauthenticated(is_invalid=True)
        await self._access.execute(UseCode(issuer=url, code=code), SYSTEM)
        claims = await claims_for(code, sign_in, issuer, self._issuers.http, self._redirect_uri(issuer))
        principal = await issuer.members.signed_in(claims)
        secret = await self._access.execute(StartSession(member=principal.id, by=name), SYSTEM)
        response = signed_in(secret, self._cookies, self._root)
        response.raw_headers.append(self._cookies.clear(SIGN_IN))
        return response

    def _issuer(self, request: Request) -> KnownIssuer:
        known = self._issuers.issuers.get(request.path_params["issuer"])
        if known is None or known.settings.client_id is None:
            raise PathNotFound
        return known

    def _redirect_uri(self, issuer: KnownIssuer) -> str:
        return f"{self._base}{self._root}{PATH}/with/{issuer.settings.name}/callback"
