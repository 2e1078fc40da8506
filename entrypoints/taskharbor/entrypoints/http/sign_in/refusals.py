"""What browsers are shown when a sign-in is refused."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.adapters.oidc.issuer import IssuerUnavailable
from taskharbor.application.errors import Unauthenticated, WorkspaceNotFound
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.rate_limits.limiter import Failures
from taskharbor.entrypoints.http.requests.errors import TooManyFailures
from taskharbor.entrypoints.http.responses.responses import Header, problem_answer
from taskharbor.entrypoints.http.sign_in.cookies import SIGN_IN, Cookies
from taskharbor.entrypoints.http.sign_in.pages import page

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def answered(endpoint: Endpoint, failures: Failures | None, cookies: Cookies) -> Endpoint:
    """Return an endpoint whose refusals are pages. Failures are counted, so that guessing is slow."""

    async def counted(request: Request) -> Response:
        if failures is None:
            return await endpoint(request)
        failures.require_few(request.scope)
        try:
            return await endpoint(request)
        except Unauthenticated:
            await failures.note(request.scope)
            raise

    async def answer(request: Request) -> Response:
        try:
            return await counted(request)
        except Unauthenticated:
            return _refused("It was not accepted: it may have expired, or been used.", 401, cookies)
        except WorkspaceNotFound:
            return _refused("You are known, and a member of no workspace here.", 403, cookies)
        except IssuerUnavailable:
            return _refused("The issuer does not respond. Try again in a minute.", 503, cookies)
        except TooManyFailures as refusal:
            wait = (b"retry-after", b"%d" % refusal.retry_after)
            return _refused("Too many sign-ins have failed. Try again later.", 429, cookies, wait)
        except TaskharborError as error:
            return problem_answer(error)

    return answer


def _refused(sentence: str, status: int, cookies: Cookies, *headers: Header) -> Response:
    return page("Not signed in", sentence, status=status, headers=[cookies.clear(SIGN_IN), *headers])
