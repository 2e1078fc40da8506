"""The stream of commits: what happens between request and response."""

from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.http.live.event_stream import EventStream
from taskharbor.entrypoints.http.live.hub import Hub, NotWanted, StreamQuery
from taskharbor.entrypoints.http.live.parameters import EVENT_FIELDS, EVENT_LISTS, EVENTS_SINCE
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.connection import connection_of
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.requests.parameter import read_query
from taskharbor.entrypoints.http.search.parameters import QUESTION, QUESTION_PARAMETERS
from taskharbor.entrypoints.http.search.queries import asked


class LiveEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, hub: Hub, *, callers: Callers) -> None:
        self._hub = hub
        self._callers = callers

    async def events(self, request: Request) -> Response:
        """Stream what is committed."""
        principal = await self._callers.principal(request)
        given = read_query(request.scope, *QUESTION_PARAMETERS, EVENT_FIELDS, EVENT_LISTS, EVENTS_SINCE)
        question = {name: given[name] for name in QUESTION if name in given}
        wanted = WatchedCommits(**question, lists=given.get("lists", False))
        query = StreamQuery(principal.workspace, wanted, given.get("fields"))
        last_seen = headers_of(request.scope).get(b"last-event-id")
        connection = connection_of(request.scope)

        def is_wanted() -> bool:
            return connection is None or not connection.is_lost()

        try:
            if not last_seen:
                first = await asked(self._hub.begin(query, given.get("since"), is_wanted=is_wanted))
            else:
                first = await asked(_resumed(self._hub, query, last_seen.decode("latin-1"), is_wanted))
        except NotWanted:
            raise ClientDisconnect from None
        return EventStream(self._hub, query, first, still_allowed=self._callers.still_allowed(request, principal))


async def _resumed(hub: Hub, query: StreamQuery, last_seen: str, is_wanted: Callable[[], bool]) -> CommitBatch:
    try:
        return await hub.begin(query, last_seen, is_wanted=is_wanted)
    except InvalidValue as invalid:
        if invalid.field != "since":
            raise
        raise InvalidRequest.at("header.Last-Event-ID", invalid.reason, code=invalid.code) from None
