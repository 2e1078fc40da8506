"""The operations that watch commits."""

from typing import Final

from taskharbor.application.errors import TokenExpired
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.live.documents import EventDocument
from taskharbor.entrypoints.http.live.endpoints import LiveEndpoints
from taskharbor.entrypoints.http.live.event_stream import EVENT_STREAM
from taskharbor.entrypoints.http.live.parameters import EVENT_FIELDS, EVENT_LISTS, EVENTS_SINCE, LAST_EVENT_ID
from taskharbor.entrypoints.http.openapi.descriptions import answer
from taskharbor.entrypoints.http.openapi.operation import UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import SYNC
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, Overloaded
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.schemas.change_documents import change_document
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK
from taskharbor.entrypoints.http.search.parameters import QUESTION_PARAMETERS

_REVISION: Final[Revision] = 8
_EVENT: Final = EventDocument([change_document(OPEN_TASK)], str(_REVISION), more=False)
_STREAM: Final = f"id: {_REVISION}\ndata: {bytes(json_answer(_EVENT).body).decode()}\n\n"


def live_operations(endpoints: LiveEndpoints) -> list[Operation]:
    """Return these operations."""
    success = answer("Events, one for each commit, for as long as the client listens")
    success["content"] = {
        EVENT_STREAM: {
            # Without a type: some read it as that of an event, some as that of the whole stream.
            "schema": {"description": "Lines of an event stream."},
            "examples": {"a commit": {"value": _STREAM}},
        }
    }
    return [
        Operation(
            name="events",
            topic=SYNC,
            method="GET",
            path="/events",
            endpoint=endpoints.events,
            needs=Permission.READ,
            summary="Stream commits as they happen",
            description="Server-Sent Events (WHATWG HTML section 9.2): one for each commit that changes a task that "
            "matches, or did before. `data` is a page of `/changes`, `id` its `next`: a client that sends it as "
            "`Last-Event-ID` gets exactly what it has missed. Commits that come in quick succession arrive together. "
            "A comment comes when there is nothing to tell. A client that does not keep up is cut, and resumes. An "
            "event `reset` with a problem document ends a stream that cannot be continued: begin a new copy.",
            model=None,
            parameters=[*QUESTION_PARAMETERS, EVENT_FIELDS, EVENT_LISTS, EVENTS_SINCE, LAST_EVENT_ID],
            success=success,
            errors=[
                InvalidRequest.at("query.filter", "is not a filter", code="invalid_filter"),
                TokenExpired(),
                Overloaded(),
                UNAVAILABLE,
            ],
        ),
    ]
