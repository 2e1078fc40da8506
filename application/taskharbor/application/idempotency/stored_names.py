"""The names under which databases know our types, with what was answered under an idempotency key.

They are part of the format of the store, like the name of a column: one that was ever written must be read for as long
as its answer may be kept, and a request must have the fingerprint that it had before. So a type keeps its name here
when its class is renamed or moved.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from taskharbor.application.batch.references import ByName
from taskharbor.application.batch.run_batch import BatchOutcome
from taskharbor.application.commands.registry import COMMANDS
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
from taskharbor.application.interchange.import_command import ImportRequest
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.ports.quick_line import Taken
from taskharbor.application.quick_add.quick_add import QuickAdded
from taskharbor.application.saved_filters.saved_filter import (
    FilterNameTaken,
    FilterNotFound,
    FilterPreconditionFailed,
    SavedFilter,
)
from taskharbor.application.search.change_matching import (
    MatchedTasks,
    MatchingOutcome,
    MatchRefused,
    TooManyMatches,
)
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, RefusedUndo
from taskharbor.application.undo.undo_commit import Undone, UndoOutcome
from taskharbor.application.undo.undo_import import ImportUndone
from taskharbor.application.undo.undo_records import RecordConflict, UndoneRecord
from taskharbor.application.undo.undo_tasks import UndoConflict, UndoneTask
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
    TaskNotFound,
    TooManySubtasks,
)
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.search.filter import And, Compare, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.search.order import OrderKey
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.tasks.changes import TaskChanges

REQUEST_NAMES: Final[Mapping[type[Any], str]] = MappingProxyType(
    {kind.command: kind.stored_name for kind in COMMANDS.values()}
    | {
        TaskCriteria: "Question",
        And: "And",
        Or: "Or",
        Not: "Not",
        Compare: "Compare",
        Has: "Has",
        Present: "Present",
        Flag: "Flag",
        Mentions: "Mentions",
        Span: "Span",
        OrderKey: "OrderKey",
        TaskChanges: "TaskChanges",
        ByName: "ByName",
        ImportRequest: "ImportRequest",
    }
)
"""What a request, and a part of one, is called in its fingerprint."""

ANSWER_NAMES: Final[Mapping[type[Any], str]] = MappingProxyType(
    {
        BatchOutcome: "BatchOutcome",
        CommentView: "CommentView",
        Finding: "Finding",
        ImportReport: "ImportReport",
        MatchedTasks: "MatchedTasks",
        QuickAdded: "QuickAdded",
        Taken: "Taken",
        MatchingOutcome: "MatchingOutcome",
        RecordConflict: "RecordConflict",
        SavedFilter: "SavedFilter",
        TaskList: "TaskList",
        UndoConflict: "UndoConflict",
        ActorUndoOutcome: "ActorUndoOutcome",
        RefusedUndo: "RefusedUndo",
        UndoOutcome: "UndoOutcome",
        ImportUndone: "ImportUndone",
        Undone: "TakenBack",
        UndoneRecord: "UndoneRecord",
        UndoneTask: "UndoneTask",
        # Why a command of a batch was refused.
        BatchRefused: "BatchRefused",
        AlertNotFound: "AlertNotFound",
        ClaimEnded: "ClaimEnded",
        CommentNotFound: "CommentNotFound",
        CommitNotFound: "CommitNotFound",
        ImportNotFound: "ImportNotFound",
        ConcurrentUpdate: "ConcurrentUpdate",
        ExportFirst: "ExportFirst",
        FilterNameTaken: "FilterNameTaken",
        FilterNotFound: "FilterNotFound",
        FilterPreconditionFailed: "FilterPreconditionFailed",
        HasSubtasks: "HasSubtasks",
        HistoryForgotten: "HistoryForgotten",
        IdempotencyKeyInFlight: "IdempotencyKeyInFlight",
        IdempotencyKeyReused: "IdempotencyKeyReused",
        ImportRefused: "ImportRefused",
        InboxStays: "InboxStays",
        InvalidFilter: "InvalidFilter",
        InvalidValue: "InvalidValue",
        InvitationNotFound: "InvitationNotFound",
        LastOwner: "LastOwner",
        ListNotFound: "ListNotFound",
        ListPreconditionFailed: "ListPreconditionFailed",
        MatchRefused: "MatchRefused",
        MemberIdTaken: "MemberIdTaken",
        MemberNotFound: "MemberNotFound",
        MissingDependency: "MissingDependency",
        NotRecurring: "NotRecurring",
        OpenDependencies: "OpenDependencies",
        OpenSubtasks: "OpenSubtasks",
        PermissionDenied: "PermissionDenied",
        QuotaExceeded: "QuotaExceeded",
        PreconditionFailed: "PreconditionFailed",
        QueryTooExpensive: "QueryTooExpensive",
        SeriesWouldEnd: "SeriesWouldEnd",
        StoreNotReady: "StoreNotReady",
        StoreUnavailable: "StoreUnavailable",
        TaskClaimed: "TaskClaimed",
        TaskClosed: "TaskClosed",
        TaskNotFound: "TaskNotFound",
        TokenExpired: "TokenExpired",
        TokenNotFound: "TokenNotFound",
        TooManyMatches: "TooManyMatches",
        TooManySubtasks: "TooManySubtasks",
        TooManyWebhooks: "TooManyWebhooks",
        UidTaken: "UidTaken",
        WebhookNotFound: "WebhookNotFound",
        Unauthenticated: "Unauthenticated",
        WorkspaceArchived: "WorkspaceArchived",
        WorkspaceIdTaken: "WorkspaceIdTaken",
        WorkspaceNotFound: "WorkspaceNotFound",
    }
)
"""What an answer, and a part of one, is called where it is kept."""

_ANSWER_TYPES: Final[Mapping[str, type[Any]]] = {name: answer for answer, name in ANSWER_NAMES.items()}


def answer_type(name: str) -> type[Any]:
    """Return the type of this name.

    Earlier versions wrote it behind that of a module and a colon: `application.tasks.task_comments:CommentView`.

    Raises:
        LookupError: if no type has it.
    """
    found = _ANSWER_TYPES.get(name.rpartition(":")[2])
    if found is None:
        raise LookupError(f"an answer is kept as {name}, which this version does not know")
    return found
