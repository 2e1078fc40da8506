"""The ways in: each looks at a request for what it knows."""

from collections.abc import Sequence
from typing import Protocol

from starlette.requests import Request

from taskharbor.application.errors import Unauthenticated, WorkspaceNotFound
from taskharbor.application.principal import Principal, local_in
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http.requests.callers import named_workspace


class Authenticator(Protocol):
    """One way in."""

    async def authenticate(self, request: Request, workspace: str | None) -> Principal | None:
        """Return who a request is from, in the workspace that it names or, if it names none, in the caller's default.

        None means that the request has nothing of what this way in takes, so that others are tried.

        Raises:
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

    async def principal_of(self, request: Request) -> Principal:
        """Return who a request is from.

        Raises:
            Unauthenticated, WorkspaceNotFound, StoreUnavailable: as the authenticators do.
        """
        workspace = named_workspace(request.scope)
        for authenticator in self._each:
            found = await authenticator.authenticate(request, workspace)
            if found is not None:
                return found
        raise Unauthenticated


class LocalAuthenticator:
    """Takes every request for one of the user of this machine: there are no accounts."""

    def __init__(self, workspace: WorkspaceId) -> None:
        self._local = local_in(workspace)

    async def authenticate(self, request: Request, workspace: str | None) -> Principal | None:  # noqa: ARG002
        """Return the local user."""
        if workspace is not None and workspace != self._local.workspace:
            raise WorkspaceNotFound(workspace)
        return self._local


def authenticators_of(container: Container) -> Authenticators:
    """Return the ways in that the settings open. To add one, add a line here."""
    settings = container.settings()
    ways: list[Authenticator] = []
    if settings.auth == "local":
        ways.append(LocalAuthenticator(settings.workspace))
    return Authenticators(ways)
