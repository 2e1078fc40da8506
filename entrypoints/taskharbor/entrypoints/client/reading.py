"""Queries as GET requests."""

from collections.abc import Mapping
from typing import Any

from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.client.connection import Connection
from taskharbor.entrypoints.client.messages import Reply, Request
from taskharbor.entrypoints.client.problems import Asked


class Reading:
    """Reads from a server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _get(
        self,
        path: str,
        workspace: WorkspaceId,
        query: Mapping[str, object] | None = None,
        **values: Any,  # noqa: ANN401  # those of errors
    ) -> Reply:
        """Return the answer to a query; `values` are those that errors tell of it."""
        request = Request(method="GET", path=path, asked=Asked("task", values), query=query or {})
        return await self._connection.ask(request, workspace)
