"""Errors as problem documents (RFC 9457)."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, Field

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
from taskharbor.application.search.change_matching import MatchRefused, TooManyMatches
from taskharbor.application.search.saved_filter import FilterNameTaken, FilterNotFound, FilterPreconditionFailed
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
from taskharbor.domain.filter_syntax import InvalidFilter
from taskharbor.entrypoints.http.request_errors import (
    BodyTooLarge,
    InvalidRequest,
    MalformedHeader,
    MalformedJson,
    MethodNotAllowed,
    PathNotFound,
    Place,
    UnexpectedFailure,
    UnsupportedMediaType,
)
from taskharbor.entrypoints.http.validation import encodable

PROBLEM_JSON: Final = "application/problem+json"

MAX_PLACES: Final = 20
"""How many wrong places one answer lists at most."""


class ProblemPlace(BaseModel):
    """One thing that is wrong with a request."""

    location: str = Field(
        description="`body.<key>`, `query.<name>` or `path.<name>`; just `body` or `query` when all of it is meant. "
        "It goes as deep as need be: `body.due.timeZone`, `body.commands[17].tags[3]`",
        examples=["body.title"],
    )
    message: str = Field(description="A phrase for people.", examples=["is required"])
    code: str = Field(description="The same for programs; it never changes.", examples=["missing"])
    column: int | None = Field(
        default=None, description="For a filter: where in its text, in characters from 1.", examples=[17]
    )


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    type: str = Field(description="A URI that names the kind of problem.")
    title: str = Field(description="The kind of problem, for people.")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="What happened this time, in a sentence.")
    code: str = Field(description="The kind of problem, for programs; it never changes.")
    errors: list[ProblemPlace] | None = Field(
        default=None,
        description=f"For `invalid_value`, and in a batch for all: what is wrong, up to {MAX_PLACES} places.",
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

_HOOKS: Final = frozenset({"workspace", "actor"})
"""What no part of a request says, but whoever mounts the API."""

_QUERY: Final = frozenset(
    {"limit", "skip", "after", "since", "as_of", "from", "to", "occurrence", "move_to", "tasks", "format"}
)


def kind_of(error: TaskharborError) -> Kind | None:
    """Return how `error` looks, or None if it is none that callers are told of. A batch looks like what stopped it."""
    if isinstance(error, BatchRefused | MatchRefused):
        return kind_of(error.refusal)
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), None)


def problem_of(error: TaskharborError, kind: Kind) -> Problem:
    """Return what callers are told of `error`, which is of this `kind`."""
    places = _places_of(error, "body")
    code = error.refusal.code if isinstance(error, BatchRefused | MatchRefused) else error.code
    return Problem(
        type=f"urn:taskharbor:problem:{code}",
        title=kind.title,
        status=kind.status,
        detail=encodable(_detail_of(error, kind)),
        code=code,
        errors=[
            ProblemPlace(
                location=encodable(place.location),
                message=encodable(place.message),
                code=place.code,
                column=place.column,
            )
            for place in places[:MAX_PLACES]
        ]
        or None,
    )


def told_of(error: TaskharborError) -> Problem:
    """Return what callers are told of `error`.

    Raises:
        TaskharborError: the error itself, if they are not told of it.
    """
    kind = kind_of(error)
    if kind is None:
        raise error
    return problem_of(error, kind)


def headers_of(error: TaskharborError, kind: Kind) -> list[tuple[bytes, bytes]]:
    """Return the headers that go with `error`."""
    headers = []
    if kind.retry_after is not None:
        headers.append((b"retry-after", b"%d" % kind.retry_after))
    if isinstance(error, PreconditionFailed | ListPreconditionFailed):
        headers.append((b"etag", b'"%d"' % error.current))
    elif isinstance(error, MethodNotAllowed):
        headers.append((b"allow", error.allowed.encode()))
    elif isinstance(error, UnsupportedMediaType):
        headers.append((b"accept", error.accepted.encode()))
    return headers


def _detail_of(error: TaskharborError, kind: Kind) -> str:
    if isinstance(error, BatchRefused):
        return f"Command {error.place} was refused: {kind.detail or error.refusal}"
    if isinstance(error, MatchRefused):
        return f"Task {error.task_id} cannot be changed so, and none was: {kind.detail or error.refusal}"
    return kind.detail or str(error)


def _refused_places(error: ImportRefused, at: str) -> list[Place]:
    problems = error.report.problems
    return [Place(location=f"{at}: {each.place}", message=each.message, code=error.code) for each in problems]


def _places_of(error: TaskharborError, at: str) -> list[Place]:  # noqa: PLR0911  # one for each sort of error
    if isinstance(error, BatchRefused):
        there = f"{at}.commands[{error.place}]"
        whole = Place(location=there, message=str(error.refusal), code=error.refusal.code)
        return _places_of(error.refusal, there) or [whole]
    if isinstance(error, ImportRefused):
        return _refused_places(error, at)
    if isinstance(error, InvalidRequest):
        return list(error.places)
    if isinstance(error, MatchRefused):
        return _places_of(error.refusal, f"{at}.changes")
    if isinstance(error, TooManyMatches):
        return [Place(location=f"{at}.max_affected", message=f"is less than {error.matched}", code=error.code)]
    if isinstance(error, InvalidValue):
        in_query = at == "body" and error.field in _QUERY  # a command of a batch has no query
        where = "query." if in_query else "" if error.field in _HOOKS else f"{at}."
        column = error.column if isinstance(error, InvalidFilter) else None
        return [Place(location=f"{where}{error.field}", message=error.reason, code=error.code, column=column)]
    return []
