"""Which error is which kind of problem: its status code, its title, when to try again."""

from dataclasses import dataclass
from typing import Final

from taskharbor.application.errors import (
    BatchRefused,
    CommitNotFound,
    ConcurrentUpdate,
    HistoryForgotten,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    ListPreconditionFailed,
    MissingDependency,
    NotRecurring,
    PreconditionFailed,
    StoreNotReady,
    StoreUnavailable,
    TokenExpired,
    UidTaken,
)
from taskharbor.application.interchange.import_report import ImportRefused
from taskharbor.application.saved_filters.saved_filter import FilterNameTaken, FilterNotFound, FilterPreconditionFailed
from taskharbor.application.search.change_matching import MatchRefused, TooManyMatches
from taskharbor.domain.errors import (
    CommentNotFound,
    HasSubtasks,
    InboxStays,
    InvalidValue,
    ListNotFound,
    OpenDependencies,
    OpenSubtasks,
    SeriesWouldEnd,
    TaskharborError,
    TaskNotFound,
    TooManySubtasks,
)
from taskharbor.entrypoints.http.requests.errors import (
    BodyTooLarge,
    InvalidRequest,
    MalformedHeader,
    MalformedJson,
    MethodNotAllowed,
    PathNotFound,
    UnexpectedFailure,
    UnsupportedMediaType,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How an error looks over HTTP.

    Attributes:
        status: the status code.
        title: the kind of problem in words.
        detail: the sentence, where the error's own is not for strangers or knows nothing of HTTP.
        retry_after: seconds after which a repetition may succeed.
    """

    status: int
    title: str
    detail: str | None = None
    retry_after: int | None = None


KINDS: Final[dict[type[TaskharborError], Kind]] = {
    MalformedJson: Kind(400, "Malformed JSON"),
    MalformedHeader: Kind(400, "Malformed header"),
    TaskNotFound: Kind(404, "Task not found"),
    ListNotFound: Kind(404, "List not found"),
    CommentNotFound: Kind(404, "Comment not found"),
    CommitNotFound: Kind(404, "Commit not found"),
    FilterNotFound: Kind(404, "Saved filter not found"),
    PathNotFound: Kind(404, "Path not found"),
    MethodNotAllowed: Kind(405, "Method not allowed"),
    UidTaken: Kind(409, "Uid taken"),
    OpenSubtasks: Kind(409, "Open subtasks"),
    SeriesWouldEnd: Kind(409, "Series would end"),
    OpenDependencies: Kind(409, "Open dependencies"),
    HasSubtasks: Kind(409, "Has subtasks"),
    TooManySubtasks: Kind(409, "Too many subtasks"),
    InboxStays: Kind(409, "Inbox stays"),
    FilterNameTaken: Kind(409, "Filter name taken"),
    TooManyMatches: Kind(409, "Too many matches"),
    NotRecurring: Kind(409, "Not recurring"),
    ConcurrentUpdate: Kind(409, "Concurrent update", retry_after=1),
    IdempotencyKeyInFlight: Kind(409, "Request in flight", retry_after=1),
    IdempotencyKeyReused: Kind(422, "Idempotency key reused"),
    HistoryForgotten: Kind(410, "History forgotten"),
    TokenExpired: Kind(410, "Token expired"),
    PreconditionFailed: Kind(
        412, "Precondition failed", "The task has changed: If-Match does not name its current revision"
    ),
    ListPreconditionFailed: Kind(
        412, "Precondition failed", "The list has changed: If-Match does not name its current revision"
    ),
    FilterPreconditionFailed: Kind(
        412, "Precondition failed", "The saved filter has changed: If-Match does not name its current revision"
    ),
    BodyTooLarge: Kind(413, "Body too large"),
    UnsupportedMediaType: Kind(415, "Unsupported media type"),
    InvalidValue: Kind(422, "Invalid value"),
    ImportRefused: Kind(422, "Import refused"),
    InvalidRequest: Kind(422, "Invalid value"),
    UnexpectedFailure: Kind(500, "Unexpected failure"),
    MissingDependency: Kind(501, "Missing dependency"),
    StoreUnavailable: Kind(
        503,
        "Store unavailable",
        "The task store does not answer. A change may or may not have been made: look before you repeat it, "
        "unless it has an Idempotency-Key",
        retry_after=2,
    ),
    StoreNotReady: Kind(503, "Store not ready", "The task store needs its operator's attention", retry_after=60),
}


def kind_of(error: TaskharborError) -> Kind | None:
    """Return how `error` looks, or None if it is none that callers are told of. A batch looks like what stopped it."""
    if isinstance(error, BatchRefused | MatchRefused):
        return kind_of(error.refusal)
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), None)
