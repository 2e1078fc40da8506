"""Which error is which kind of problem: its status code, its title, when to try again."""

from typing import Final

from taskharbor.adapters.oidc.issuer import IssuerUnavailable
from taskharbor.application.errors import (
    BatchRefused,
    CommitNotFound,
    ConcurrentUpdate,
    HistoryForgotten,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    ImportNotFound,
    ListPreconditionFailed,
    MissingDependency,
    NotRecurring,
    PermissionDenied,
    PreconditionFailed,
    QueryTooExpensive,
    QuotaExceeded,
    StoreNotReady,
    StoreUnavailable,
    TokenExpired,
    UidTaken,
    Unauthenticated,
    WorkspaceArchived,
    WorkspaceNotFound,
)
from taskharbor.application.interchange.import_report import ImportRefused
from taskharbor.application.saved_filters.saved_filter import FilterNameTaken, FilterNotFound, FilterPreconditionFailed
from taskharbor.application.search.change_matching import MatchRefused, TooManyMatches
from taskharbor.application.webhooks.webhook import TooManyWebhooks, WebhookNotFound
from taskharbor.domain.access.errors import (
    ExportFirst,
    InvitationNotFound,
    LastOwner,
    MemberIdTaken,
    MemberNotFound,
    TokenNotFound,
    WorkspaceIdTaken,
)
from taskharbor.domain.errors import (
    AlertNotFound,
    ClaimEnded,
    CommentNotFound,
    HasSubtasks,
    InboxStays,
    InvalidValue,
    ListNotFound,
    OpenDependencies,
    OpenSubtasks,
    SeriesWouldEnd,
    TaskClaimed,
    TaskClosed,
    TaskharborError,
    TaskNotFound,
    TooManySubtasks,
)
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.http.requests.errors import (
    BodyTooLarge,
    ConditionFailed,
    CrossOriginRefused,
    HeadersTooLarge,
    HostNotServed,
    InvalidRequest,
    MalformedHeader,
    MalformedJson,
    MalformedRequest,
    MethodNotAllowed,
    NoneMatchFailed,
    NotAcceptable,
    NoWayIn,
    Overloaded,
    PathNotFound,
    RateLimited,
    RequestLineTooLong,
    RequestTooSlow,
    ServerStopping,
    TooManyFailures,
    UnexpectedFailure,
    UnsupportedMediaType,
)


@frozen
class ProblemType:
    """How an error looks over HTTP.

    Attributes:
        status: the status code.
        title: the kind of problem in words.
        detail: the sentence, where the error's own is not for strangers or knows nothing of HTTP.
        retry_after: seconds after which a repetition may succeed.
        values: the attributes of the error that its document has as `values`: what a client could not know.
    """

    status: int
    title: str
    detail: str | None = None
    retry_after: int | None = None
    values: tuple[str, ...] = ()


PROBLEM_TYPES: Final[dict[type[TaskharborError], ProblemType]] = {
    MalformedJson: ProblemType(400, "Malformed JSON"),
    MalformedHeader: ProblemType(400, "Malformed header"),
    MalformedRequest: ProblemType(400, "Malformed request"),
    Unauthenticated: ProblemType(401, "Unauthenticated"),
    PermissionDenied: ProblemType(403, "Permission denied", values=("needed", "has")),
    NoWayIn: ProblemType(403, "No way in"),
    CrossOriginRefused: ProblemType(403, "Cross-origin request refused"),
    TaskNotFound: ProblemType(404, "Task not found"),
    ListNotFound: ProblemType(404, "List not found"),
    CommentNotFound: ProblemType(404, "Comment not found"),
    AlertNotFound: ProblemType(404, "Alert not found"),
    CommitNotFound: ProblemType(404, "Commit not found"),
    ImportNotFound: ProblemType(404, "Import not found"),
    FilterNotFound: ProblemType(404, "Saved filter not found"),
    WorkspaceNotFound: ProblemType(404, "Workspace not found"),
    MemberNotFound: ProblemType(404, "Member not found"),
    TokenNotFound: ProblemType(404, "Token not found"),
    InvitationNotFound: ProblemType(404, "Invitation not found"),
    WebhookNotFound: ProblemType(404, "Webhook not found"),
    PathNotFound: ProblemType(404, "Path not found"),
    MethodNotAllowed: ProblemType(405, "Method not allowed"),
    NotAcceptable: ProblemType(406, "Not acceptable"),
    UidTaken: ProblemType(409, "Uid taken", values=("task_id",)),
    OpenSubtasks: ProblemType(409, "Open subtasks", values=("task_id", "open_subtasks")),
    SeriesWouldEnd: ProblemType(409, "Series would end", values=("task_id", "series")),
    OpenDependencies: ProblemType(409, "Open dependencies", values=("task_id", "needed")),
    HasSubtasks: ProblemType(409, "Has subtasks", values=("task_id", "subtasks")),
    TooManySubtasks: ProblemType(409, "Too many subtasks", values=("task_id",)),
    InboxStays: ProblemType(409, "Inbox stays"),
    FilterNameTaken: ProblemType(409, "Filter name taken", values=("name",)),
    QuotaExceeded: ProblemType(409, "Quota exceeded", values=("what", "most")),
    TooManyMatches: ProblemType(409, "Too many matches", values=("matched",)),
    TooManyWebhooks: ProblemType(409, "Too many webhooks"),
    NotRecurring: ProblemType(409, "Not recurring"),
    WorkspaceArchived: ProblemType(409, "Workspace archived", values=("workspace",)),
    TaskClaimed: ProblemType(409, "Task claimed", values=("task_id", "holder", "until")),
    TaskClosed: ProblemType(409, "Task closed", values=("task_id",)),
    WorkspaceIdTaken: ProblemType(409, "Workspace id taken", values=("workspace",)),
    MemberIdTaken: ProblemType(409, "Member id taken", values=("member",)),
    LastOwner: ProblemType(409, "Last owner", values=("member",)),
    ExportFirst: ProblemType(409, "Export first", values=("workspace",)),
    ConcurrentUpdate: ProblemType(409, "Concurrent update", retry_after=1),
    RequestTooSlow: ProblemType(408, "Request too slow"),
    IdempotencyKeyInFlight: ProblemType(409, "Request in flight", retry_after=1),
    IdempotencyKeyReused: ProblemType(422, "Idempotency key reused"),
    HistoryForgotten: ProblemType(410, "History forgotten", values=("revision",)),
    TokenExpired: ProblemType(410, "Token expired"),
    PreconditionFailed: ProblemType(
        412, "Precondition failed", "The task has changed: If-Match does not name its current revision"
    ),
    ListPreconditionFailed: ProblemType(
        412, "Precondition failed", "The list has changed: If-Match does not name its current revision"
    ),
    FilterPreconditionFailed: ProblemType(
        412, "Precondition failed", "The saved filter has changed: If-Match does not name its current revision"
    ),
    NoneMatchFailed: ProblemType(412, "Precondition failed"),
    ConditionFailed: ProblemType(412, "Precondition failed"),
    ClaimEnded: ProblemType(412, "Claim ended", values=("task_id", "fence")),
    BodyTooLarge: ProblemType(413, "Body too large"),
    RequestLineTooLong: ProblemType(414, "URI too long"),
    UnsupportedMediaType: ProblemType(415, "Unsupported media type"),
    HostNotServed: ProblemType(421, "Host not served"),
    InvalidValue: ProblemType(422, "Invalid value"),
    ImportRefused: ProblemType(422, "Import refused"),
    InvalidRequest: ProblemType(422, "Invalid value"),
    RateLimited: ProblemType(429, "Too many requests"),
    TooManyFailures: ProblemType(429, "Too many failures"),
    HeadersTooLarge: ProblemType(431, "Headers too large"),
    UnexpectedFailure: ProblemType(500, "Unexpected failure"),
    MissingDependency: ProblemType(501, "Missing dependency"),
    StoreUnavailable: ProblemType(
        503,
        "Store unavailable",
        "The task store is not responding. The change may or may not have been made: check before you repeat it, "
        "unless it has an Idempotency-Key",
        retry_after=2,
    ),
    QueryTooExpensive: ProblemType(
        503,
        "Query too expensive",
        "This takes the store longer than one query may: ask for less, with fewer conditions, words or tasks to sort",
        retry_after=10,
    ),
    IssuerUnavailable: ProblemType(503, "Issuer unavailable", retry_after=30),
    Overloaded: ProblemType(503, "Overloaded", retry_after=1),
    ServerStopping: ProblemType(503, "Server stopping", retry_after=1),
    StoreNotReady: ProblemType(503, "Store not ready", "The task store needs its operator's attention", retry_after=60),
}


def problem_type_of(error: TaskharborError) -> ProblemType | None:
    """Return the problem type of `error`, or None if it has none. A batch has that of the command that failed."""
    if isinstance(error, BatchRefused | MatchRefused):
        return problem_type_of(error.refusal)
    return next((PROBLEM_TYPES[cls] for cls in type(error).__mro__ if cls in PROBLEM_TYPES), None)
