"""The addresses that browsers go to when somebody signs in by a link, or out."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.access.session_records import SESSION_LIFE
from taskharbor.application.access.sessions import EndSession, EndSessions, UseSignInLink
from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.members import MemberId
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.entrypoints.http.requests.body import read_bytes
from taskharbor.entrypoints.http.sign_in.cookies import SESSION, Cookies
from taskharbor.entrypoints.http.sign_in.pages import button, link, page, redirect

PATH: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
EVERYWHERE: Final = f"{SIGN_OUT}/everywhere"
SYSTEM: Final = system_in(SERVICE_WORKSPACE)

_MAX_FORM_BYTES: Final = 4096


class SignInEndpoints:
    """Begins sessions by links, and ends them. `issuers` are the names of those that sign in browsers."""

    def __init__(self, access: AccessUseCases, cookies: Cookies, issuers: Sequence[str], *, root_path: str) -> None:
        self._access = access
        self._cookies = cookies
        self._issuers = issuers
        self._root = root_path

    async def choose(self, _request: Request) -> Response:
        """Show by which issuers one can sign in, and how to sign out."""
        links = [link(f"{self._root}{PATH}/with/{name}", f"Sign in with {name}") for name in self._issuers]
        text = links or ["Ask whoever runs this server for a link: taskharbor sign-in-link --member ID"]
        return page("Sign in", *text, *self._ways_out())

    async def show_link(self, request: Request) -> Response:
        """Ask before a link is used: what looks at links in mails must not use them up."""
        action = f"{self._root}{PATH}/link"
        return page("Sign in", button(action, "Sign in", secret=request.query_params.get("secret", "")))

    async def use_link(self, request: Request) -> Response:
        """Begin a session with the secret of a link."""
        body = await read_bytes(request, _MAX_FORM_BYTES)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=10))
        secret = await self._access.execute(UseSignInLink(secret=form.get("secret", "")), SYSTEM)
        return signed_in(secret, self._cookies, self._root)

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser."""
        secret = self._cookies.value(SESSION, request.scope)
        if secret is not None and await self._member_of(secret) is not None:
            await self._access.execute(EndSession(secret=secret), SYSTEM)
        return self._out()

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End all sessions of the member whose session this browser has."""
        secret = self._cookies.value(SESSION, request.scope)
        member = None if secret is None else await self._member_of(secret)
        if member is not None:
            await self._access.execute(EndSessions(member=member), SYSTEM)
        return self._out()

    def _ways_out(self) -> list[str]:
        return [
            button(f"{self._root}{SIGN_OUT}", "Sign out"),
            button(f"{self._root}{EVERYWHERE}", "Sign out everywhere"),
        ]

    def _out(self) -> Response:
        return redirect(f"{self._root}{PATH}", headers=[self._cookies.clear(SESSION)])

    async def _member_of(self, secret: str) -> MemberId | None:
        """Return whose session it is; None for a stranger, who must not make this process forget anybody."""
        try:
            return await self._access.principals.member_of_session(secret)
        except Unauthenticated:
            return None


def signed_in(secret: str, cookies: Cookies, root_path: str) -> Response:
    """Give a browser the cookie of its new session."""
    seconds = int(SESSION_LIFE.total_seconds())
    return redirect(f"{root_path}/docs", headers=[cookies.set(SESSION, secret, seconds=seconds)])
