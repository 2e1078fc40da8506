"""The operations that look for tasks, change all that match, and keep filters under names."""

from typing import Final

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.saved_filters.saved_filter import FilterNameTaken, FilterNotFound, FilterPreconditionFailed
from taskharbor.application.search.change_matching import TooManyMatches
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LOCATION, RequestBody, answer, deleted
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import SAVED_FILTERS, SEARCH
from taskharbor.entrypoints.http.requests.errors import (
    InvalidRequest,
    MalformedHeader,
    UnsupportedMediaType,
)
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameters import IF_MATCH
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK
from taskharbor.entrypoints.http.search.bodies import BULK, CHANGE_FILTER, NEW_FILTER
from taskharbor.entrypoints.http.search.documents import BulkDocument, FacetsDocument, SavedFilterDocument
from taskharbor.entrypoints.http.search.endpoints import SearchEndpoints
from taskharbor.entrypoints.http.search.examples import (
    BULK_EXAMPLE,
    BULKS,
    CHANGED_FILTERS,
    FACETS_EXAMPLE,
    NEW_FILTERS,
    SAVED_EXAMPLE,
)
from taskharbor.entrypoints.http.search.parameters import FILTER_NAME, QUESTION_PARAMETERS

_BAD_NAME: Final = InvalidRequest.at(
    "path.name", "must have 1 to 64 characters that are not white space", code="invalid_value"
)
_BAD_FILTER: Final = InvalidFilter("colour is not a field", column=13)
_CHANGE: Final[tuple[TaskharborError, ...]] = (
    MalformedHeader("If-Match", '* or entity tags such as "7", separated by commas'),
    FilterNotFound("shopping"),
    FilterPreconditionFailed("shopping", expected=6, current=7),
    ConcurrentUpdate(),
    UNAVAILABLE,
)


def search_operations(endpoints: SearchEndpoints) -> list[Operation]:
    """Return these operations."""
    return [*_task_operations(endpoints), *_filter_operations(endpoints)]


def _task_operations(endpoints: SearchEndpoints) -> list[Operation]:
    return [
        Operation(
            name="count_facets",
            topic=SEARCH,
            needs=Permission.READ,
            method="GET",
            path="/tasks/facets",
            endpoint=endpoints.facets,
            summary="Count tasks by progress, list, tag and due date",
            description="Counts the matching tasks by progress, list, tag and due date.",
            model=FacetsDocument,
            parameters=[*QUESTION_PARAMETERS],
            success=answer("The counts", example=FACETS_EXAMPLE),
            errors=[
                InvalidRequest.at("query.q", "must contain a word: letters or digits", code="invalid_value"),
                FilterNotFound("shopping"),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="change_matching",
            topic=SEARCH,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/bulk",
            endpoint=endpoints.bulk,
            summary="Change all tasks that match",
            description="Applies `changes` to all matching tasks in one commit, or to none. A filter is required: "
            "leaving it out does not select all tasks. If more than `max_affected` match, nothing is changed, and the "
            "error says how many matched. If one of them rejects the change, nothing is changed either.",
            model=BulkDocument,
            body=RequestBody(BULK, JSON, BULKS, required=True),
            success=answer("The result", example=BULK_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                _BAD_FILTER,
                TooManyMatches(matched=120, max_affected=50),
                FilterNotFound("shopping"),
                ConcurrentUpdate(OPEN_TASK.id),
                UnsupportedMediaType(JSON),
                UNAVAILABLE,
            ],
        ),
    ]


def _filter_operations(endpoints: SearchEndpoints) -> list[Operation]:
    return [
        Operation(
            name="get_saved_filter",
            topic=SAVED_FILTERS,
            needs=Permission.READ,
            method="GET",
            path="/filters/{name}",
            endpoint=endpoints.get_saved,
            summary="Get a saved filter",
            description="Returns one saved filter.",
            model=SavedFilterDocument,
            parameters=[FILTER_NAME],
            success=answer("The saved filter", headers=ETAG, example=SAVED_EXAMPLE),
            errors=[_BAD_NAME, FilterNotFound("shopping"), UNAVAILABLE],
        ),
        Operation(
            name="list_saved_filters",
            topic=SAVED_FILTERS,
            needs=Permission.READ,
            method="GET",
            path="/filters/",
            endpoint=endpoints.list_saved,
            summary="List saved filters",
            description="Returns all saved filters by name, at most 1,000.",
            model=list[SavedFilterDocument],
            success=answer("All saved filters", example=[SAVED_EXAMPLE]),
            errors=[UNAVAILABLE],
        ),
        Operation(
            name="save_filter",
            topic=SAVED_FILTERS,
            needs=Permission.WRITE,
            method="POST",
            path="/filters/",
            endpoint=endpoints.save,
            summary="Save a filter",
            description="Saves a filter under a name, by which `saved` refers to it. Relative dates are evaluated when "
            "it is used: `today` is the day of the request.",
            status=201,
            model=SavedFilterDocument,
            body=RequestBody(NEW_FILTER, JSON, NEW_FILTERS, required=True),
            success=answer("The new saved filter", headers=ETAG | LOCATION, example=SAVED_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                _BAD_FILTER,
                FilterNameTaken("shopping"),
                ConcurrentUpdate(),
                UnsupportedMediaType(JSON),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="change_saved_filter",
            topic=SAVED_FILTERS,
            needs=Permission.WRITE,
            method="PATCH",
            path="/filters/{name}",
            endpoint=endpoints.change_saved,
            summary="Change a saved filter",
            description="Takes a JSON Merge Patch (RFC 7396). A new `name` renames it.",
            model=SavedFilterDocument,
            parameters=[FILTER_NAME, IF_MATCH],
            body=RequestBody(CHANGE_FILTER, MERGE_PATCH, CHANGED_FILTERS, required=True),
            success=answer("The changed filter", headers=ETAG, example=SAVED_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                *_CHANGE,
                _BAD_FILTER,
                FilterNameTaken("shopping"),
                UnsupportedMediaType(MERGE_PATCH),
            ],
        ),
        Operation(
            name="delete_saved_filter",
            topic=SAVED_FILTERS,
            needs=Permission.WRITE,
            method="DELETE",
            path="/filters/{name}",
            endpoint=endpoints.delete_saved,
            summary="Delete a saved filter",
            description="Deletes the filter, not the tasks that it matches.",
            status=204,
            model=None,
            deleted=deleted(SavedFilterDocument, SAVED_EXAMPLE),
            parameters=[FILTER_NAME, IF_MATCH],
            success=answer("The saved filter was deleted", headers=ETAG),
            errors=_CHANGE,
        ),
    ]
