"""The ways in: each looks at a request for what it knows."""

from collections.abc import Awaitable, Sequence
from typing import Final, Protocol

from starlette.requests import Request

from taskharbor.application.access.principals import Principals
from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import Principal
from taskharbor.domain.access.api_token import TOKEN_PREFIX
from taskharbor.domain.identifiers import WorkspaceId, is_workspace_id
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http.access.bearer import bearer_in
from taskharbor.entrypoints.http.requests.callers import NAMED_WORKSPACE
from taskharbor.entrypoints.http.requests.headers import headers_of


class Authenticator(Protocol):
    """One way in."""

    def authenticate(self, request: Request, workspace: str | None) -> Awaitable[Principal] | None:
        """Find out who a request is from, in the workspace that it names or, if it names none, in the caller's default.

        None means that the request has nothing of what this way in takes, so that others are tried. That shows without
        awaiting anything, and most requests have nothing for most ways in.

        Raises, when called or when awaited:
            Unauthenticated: if it has, and that is not accepted.
            WorkspaceNotFound: if the caller has no business in this workspace, or there is none. Which of the two
                must show neither in what is raised nor in how long it takes.
            StoreUnavailable: if the store cannot be asked.
        """
        ...


class Authenticators:
    """Every way in, tried in turn. A request for which none is of use is refused."""

    def __init__(self, each: Sequence[Authenticator]) -> None:
        self._each = tuple(each)

    def principal_of(self, request: Request) -> Awaitable[Principal]:
        """Find out who a request is from.

        Raises, when called or when awaited:
            Unauthenticated, WorkspaceNotFound, StoreUnavailable: as the authenticators do.
        """
        scope = request.scope
        # As it stands in the path; None if it is that of the caller.
        workspace: str | None = scope.get(NAMED_WORKSPACE) or scope["path_params"].get("workspace")
        if workspace is not None and not is_workspace_id(workspace):
            workspace = _NOWHERE
        for authenticator in self._each:
            finding = authenticator.authenticate(request, workspace)
            if finding is not None:
                return finding
        raise Unauthenticated


class LocalAuthenticator:
    """Takes every request for one of the user of this machine: there are no accounts."""

    def __init__(self, principals: Principals, workspace: WorkspaceId) -> None:
        self._principals = principals
        self._workspace = workspace

    def authenticate(self, request: Request, workspace: str | None) -> Awaitable[Principal]:  # noqa: ARG002
        """Return the local user."""
        named = self._workspace if workspace is None else workspace
        return self._principals.of_local(named, is_default=named == self._workspace)


class TokenAuthenticator:
    """Takes API tokens as bearer tokens (RFC 6750 section 2.1), and no others."""

    def __init__(self, principals: Principals) -> None:
        self._principals = principals

    def authenticate(self, request: Request, workspace: str | None) -> Awaitable[Principal] | None:
        """Return the principal of the token, if there is one of ours."""
        header = headers_of(request.scope).get(b"authorization")
        if header is None:
            return None
        found = bearer_in(header)
        if not found.startswith(TOKEN_PREFIX):
            return None
        return self._principals.of_token(found, workspace)


class OtherCredentials:
    """Refuses what no way in takes, so that a caller learns that it was not accepted rather than not seen."""

    def authenticate(self, request: Request, workspace: str | None) -> None:  # noqa: ARG002
        """Raise `Unauthenticated` if there are any credentials."""
        if b"authorization" in headers_of(request.scope):
            raise Unauthenticated(is_invalid=True)


def authenticators_of(container: Container, others: Sequence[Authenticator] = ()) -> Authenticators:
    """Return the ways in that the settings open; `others` are those of people who sign in."""
    settings, principals = container.settings(), container.use_cases().access.principals
    ways: list[Authenticator] = [TokenAuthenticator(principals), *others]
    # Without accounts, what a proxy or a browser adds to requests is no business of ours.
    ways.append(LocalAuthenticator(principals, settings.workspace) if settings.auth == "local" else OtherCredentials())
    return Authenticators(ways)


_NOWHERE: Final = "_"
"""No workspace has this id."""
