"""Every operation on lists, one by one."""

from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, ListPreconditionFailed
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InboxStays, ListNotFound
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.lists.endpoints import ListEndpoints
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, LOCATION, RequestBody, answer, deleted
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import LISTS
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, MalformedHeader, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameters import (
    IF_MATCH,
    IF_NONE_MATCH,
    LIST_ID,
    LISTS_AFTER,
    LISTS_LIMIT,
    MOVE_TO,
    TASKS,
)
from taskharbor.entrypoints.http.schemas.bodies import CHANGE_LIST, CREATE_LIST
from taskharbor.entrypoints.http.schemas.documents import ListDocument
from taskharbor.entrypoints.http.schemas.examples import LIST, LIST_EXAMPLE

_NO_LIST_ID: Final = InvalidRequest.at("path.list_id", f"must be an integer from 1 to {MAX_ID}", code="invalid_value")
_CHANGE: Final = (
    MalformedHeader("If-Match", '* or entity tags such as "7", separated by commas'),
    ListNotFound(LIST.id),
    ConcurrentUpdate(),
    ListPreconditionFailed(LIST.id, expected=4, current=LIST.revision),
    UNAVAILABLE,
)


def list_operations(endpoints: ListEndpoints) -> list[Operation]:
    """Return all operations on lists."""
    return [
        Operation(
            name="list_lists",
            topic=LISTS,
            needs=Permission.READ,
            method="GET",
            path="/lists/",
            endpoint=endpoints.list,
            summary="List the lists",
            description="Returns a page of lists by id, including archived ones. The inbox, which always exists, comes "
            "first.",
            model=list[ListDocument],
            parameters=[LISTS_LIMIT, LISTS_AFTER, IF_NONE_MATCH],
            success=answer("A page of lists", headers=ETAG | LINK, example=[LIST_EXAMPLE]),
            errors=[InvalidRequest.at("query.limit", "must be an integer", code="wrong_type"), UNAVAILABLE],
        ),
        Operation(
            name="get_list",
            topic=LISTS,
            needs=Permission.READ,
            method="GET",
            path="/lists/{list_id}",
            endpoint=endpoints.get,
            summary="Get a list",
            description="Returns one list.",
            model=ListDocument,
            parameters=[LIST_ID, IF_NONE_MATCH],
            success=answer("The list", headers=ETAG, example=LIST_EXAMPLE),
            errors=[ListNotFound(LIST.id), _NO_LIST_ID, UNAVAILABLE],
        ),
        Operation(
            name="create_list",
            topic=LISTS,
            needs=Permission.WRITE,
            method="POST",
            path="/lists/",
            endpoint=endpoints.create,
            summary="Create a list",
            description="Creates a list.",
            status=201,
            model=ListDocument,
            body=RequestBody(
                CREATE_LIST, JSON, {"a new list": {"name": LIST.name, "colour": LIST.colour}}, required=True
            ),
            success=answer("The new list", headers=ETAG | LOCATION, example=LIST_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.name", "is required", code="missing"),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="change_list",
            topic=LISTS,
            needs=Permission.WRITE,
            method="PATCH",
            path="/lists/{list_id}",
            endpoint=endpoints.change,
            summary="Change a list",
            description="Takes a JSON Merge Patch (RFC 7396). An archived list keeps its tasks but accepts no new "
            "ones. The inbox can be renamed but not archived.",
            model=ListDocument,
            parameters=[LIST_ID, IF_MATCH],
            body=RequestBody(
                CHANGE_LIST,
                MERGE_PATCH,
                {"rename it": {"name": "Balcony and garden"}, "archive it": {"archived": True}},
                required=True,
            ),
            success=answer("The changed list", headers=ETAG, example=LIST_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                *_CHANGE,
                UnsupportedMediaType(MERGE_PATCH),
                InvalidRequest.at("body.archived", "must be true or false", code="wrong_type"),
            ],
        ),
        Operation(
            name="delete_list",
            topic=LISTS,
            needs=Permission.WRITE,
            method="DELETE",
            path="/lists/{list_id}",
            endpoint=endpoints.delete,
            summary="Delete a list",
            description="Deletes a list after moving or deleting its tasks; one of the two is required. The list is "
            "first archived, then emptied in several commits. If interrupted, repeat the request to continue.",
            status=204,
            model=None,
            deleted=deleted(ListDocument, LIST_EXAMPLE),
            parameters=[LIST_ID, MOVE_TO, TASKS, IF_MATCH],
            success=answer("The list was deleted", headers=ETAG),
            errors=[
                *_CHANGE,
                InboxStays(),
                InvalidRequest.at("query", "must have either move_to=<list> or tasks=delete", code="missing"),
            ],
        ),
    ]
