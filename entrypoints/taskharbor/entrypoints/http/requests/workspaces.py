"""Whose tasks a request is about."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request

from taskharbor.domain.identifiers import WorkspaceId, workspace_from

WorkspaceOf: TypeAlias = Callable[[Request], Awaitable[str]]
"""Says whose tasks a request is about; may raise an HTTPException if that is nobody's business."""


def workspace_reader(workspace: str | WorkspaceOf) -> WorkspaceOf:
    """Return a function that tells the workspace of a request, and never a malformed one.

    Raises:
        InvalidValue: if `workspace` is a name and malformed. The function does so later, if it gets one.
    """
    return _checked(workspace) if callable(workspace) else _always(workspace_from(workspace))


def _always(workspace: WorkspaceId) -> WorkspaceOf:
    async def fixed(_request: Request) -> WorkspaceId:
        return workspace

    return fixed


def _checked(workspace_of: WorkspaceOf) -> WorkspaceOf:
    async def checked(request: Request) -> WorkspaceId:
        return workspace_from(await workspace_of(request))

    return checked
