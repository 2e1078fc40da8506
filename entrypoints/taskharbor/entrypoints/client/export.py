"""Exports of a server."""

from collections import Counter
from collections.abc import AsyncIterator

from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.ports.interchange import Format
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.client.connection import Connection
from taskharbor.entrypoints.client.messages import Request
from taskharbor.entrypoints.client.problems import Asked

_ABOUT_NOTHING = Asked("task", {})


class RemoteExport(Export):
    """An export that a server makes. `count` and `losses` are known once it has been gone through.

    The server counts them in a pass of their own, so they are those of a moment later.
    """

    def __init__(self, format: Format, connection: Connection, workspace: WorkspaceId) -> None:  # no store of its own
        self.count = 0
        self.losses = Counter()
        self._format = format
        self._connection = connection
        self._workspace = workspace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the file in pieces."""
        query = {"format": self._format.name}
        request = Request(method="GET", path="/export", asked=_ABOUT_NOTHING, query=query)
        async with self._connection.stream(request, self._workspace) as pieces:
            async for piece in pieces:
                yield piece
        counting = Request(method="GET", path="/export/losses", asked=_ABOUT_NOTHING, query=query)
        found = (await self._connection.ask(counting, self._workspace)).json
        self.count = found["count"]
        self.losses.update(found["losses"])
