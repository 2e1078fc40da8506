"""The front door for programs that embed Taskharbor: the calls, what they take and return, and their errors.

    async with open_taskharbor("sqlite:///tasks.db") as harbor:
        task = await harbor.create_task(title="Water the plants")

Import from here only; the modules below it may move between releases.
"""

from taskharbor.application.access.audit import AuditEntry, AuditPage
from taskharbor.application.access.directory_queries import InvitationPage, ListedToken, TokenPage, WorkspacePage
from taskharbor.application.access.invitations import AcceptedInvitation, NewInvitation
from taskharbor.application.access.manage_tokens import NewToken
from taskharbor.application.batch.commands import Command
from taskharbor.application.batch.references import ByName
from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.documents.task_view import TaskView
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
from taskharbor.application.history.as_of import SnapshotPage
from taskharbor.application.history.list_history import HistoryPage, changes_of
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.history.trash import DeletedTask, TrashPage
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, ListPage
from taskharbor.application.live.commit_event import CommitEvent, NoLongerMatching, RemovedList
from taskharbor.application.ports.audit import AuditDetails
from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.application.ports.quick_line import Taken
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.application.progress.advance_series import OccurrenceInput
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.progress.list_occurrences import OccurrencePage
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.quick_add.quick_add import QuickAdded
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.reminders.list_reminders import ComingReminder, ReminderPage
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.saved_filters.saved_filter import (
    FilterNameTaken,
    FilterNotFound,
    FilterPreconditionFailed,
    SavedFilter,
)
from taskharbor.application.search.change_matching import ChangeMatching, MatchedTasks, MatchingOutcome, MatchRefused
from taskharbor.application.search.count_tasks import Facets
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.search.find_tasks import FoundTasks
from taskharbor.application.search.pending_matches import TooManyMatches
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.application.sync.list_changes import ChangePage
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, CommentPage, CommentView, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, SubtasksRule
from taskharbor.application.tasks.urgency import UrgencyView
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, RefusedUndo
from taskharbor.application.undo.undo_commit import UndoCommit, Undone, UndoOutcome
from taskharbor.application.undo.undo_import import ImportUndone
from taskharbor.application.undo.undo_records import RecordConflict, UndoneRecord
from taskharbor.application.undo.undo_tasks import UndoConflict, UndoneTask
from taskharbor.application.webhooks.delivery_state import Attempt, DeliveryState, Lease
from taskharbor.application.webhooks.webhook import (
    EventKind,
    Secret,
    TooManyWebhooks,
    Webhook,
    WebhookNotFound,
    WebhookState,
)
from taskharbor.application.webhooks.webhook_view import WebhookPage, WebhookView
from taskharbor.domain.access.api_token import ApiToken, TokenId
from taskharbor.domain.access.errors import (
    ExportFirst,
    InvitationNotFound,
    LastOwner,
    MemberIdTaken,
    MemberNotFound,
    TokenNotFound,
    WorkspaceIdTaken,
)
from taskharbor.domain.access.invitation import Invitation, InvitationId
from taskharbor.domain.access.members import Member, MemberId
from taskharbor.domain.access.permission import Permission, Role
from taskharbor.domain.access.workspace import Workspace
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
from taskharbor.domain.identifiers import ListId, Revision, TaskId, WorkspaceId
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence, RecurrenceInput
from taskharbor.domain.recurrence.rule import ByDay, Frequency, RecurrenceRule
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.search.urgency_weights import UrgencyWeights
from taskharbor.domain.tasks.alert import Alert
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.comment import CommentId
from taskharbor.domain.tasks.priority import Priority
from taskharbor.domain.tasks.progress import PercentComplete, Progress
from taskharbor.domain.tasks.recurring_task import Occurrence
from taskharbor.domain.tasks.reminder import AbsoluteReminder, RelativeReminder, RelativeTo, Reminder, ReminderInput
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, CalendarTimeInput, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.entrypoints.embedded.access import Access
from taskharbor.entrypoints.embedded.fields import ListFields, OptionalFields, PlaceOptions, TaskFields
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.held_task import HeldTask
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.entrypoints.embedded.replicas import Reading
from taskharbor.entrypoints.embedded.search import FilterInput

# fmt: off
# The calls.
__all__ = ["Harbor", "open_taskharbor"]

# What fields and other arguments can be.
__all__ += [
    "UNSET", "AsOf", "CalendarTimeInput", "CommentId", "FilterInput", "ListFields", "ListId", "OccurrenceInput",
    "OpenDependenciesRule", "OpenSubtasksRule", "OptionalFields", "PercentComplete", "PlaceOptions", "Priority",
    "RecurrenceInput", "ReminderInput", "Revision", "SubtasksRule", "TaskFields", "TaskId", "Unset",
    "UrgencyWeights",
]

# Values of tasks and lists.
__all__ += [
    "AbsoluteReminder", "Alert", "AllDay", "Anchor", "ByDay", "CalendarTime", "Claim", "Duration", "Floating",
    "Frequency", "Occurrence", "OccurrenceOf", "Overdue", "Progress", "Recurrence", "RecurrenceRule",
    "RelativeReminder", "RelativeTo", "Reminder", "SignedDuration", "TaskList", "Zoned",
]

# Filters without text.
__all__ += [
    "And", "Compare", "Field", "Filter", "Flag", "Has", "Mentions", "Not", "Operator", "Or", "Present", "Span",
]

# The commands of a batch.
__all__ += [
    "AddComment", "ByName", "CancelTask", "ChangeList", "ChangeMatching", "ChangeSavedFilter", "ChangeTask",
    "ClaimTask", "Command", "CompleteTask", "CreateList", "CreateTask", "DeleteComment", "DeleteList",
    "DeleteSavedFilter", "DeleteTask", "DismissReminder", "EditComment", "MoveTask", "ReleaseClaim", "RenewClaim",
    "ReopenTask", "RestoreTask", "SaveFilter", "SkipOccurrence", "SnoozeReminder", "StartTask", "TaskChanges",
    "TaskCriteria", "TaskListChanges", "UndoCommit",
]

# What calls return.
__all__ += [
    "ActorUndoOutcome", "BatchOutcome", "BatchResult", "Change", "ChangePage", "ComingReminder", "CommentPage",
    "CommentView", "CommitEvent", "CommitMark", "DeletedPosition", "DeletedTask", "Export", "Facets", "Finding",
    "FoundTasks", "HeldTask", "HistoryEntry", "HistoryPage", "ImportReport", "ImportUndone", "ListPage",
    "MatchedTasks", "MatchingOutcome", "NoLongerMatching", "OccurrencePage", "Purged", "QuickAdded", "Reading",
    "RecordConflict", "RefusedUndo", "ReminderPage", "RemovedList", "SavedFilter", "SnapshotPage", "Taken",
    "TaskPage", "TaskView", "Tombstone", "TrashPage", "UndoConflict", "UndoOutcome", "Undone", "UndoneRecord",
    "UndoneTask", "UrgencyView", "changes_of",
]

# Who calls, and who may do what.
__all__ += [
    "AcceptedInvitation", "Access", "ApiToken", "AuditDetails", "AuditEntry", "AuditPage", "Invitation", "InvitationId",
    "InvitationPage", "ListedToken", "Member", "MemberId", "NewInvitation", "NewToken", "Permission", "Principal",
    "PrincipalKind", "Role", "TokenId", "TokenPage", "Workspace", "WorkspaceId", "WorkspacePage",
]

# Webhooks.
__all__ += [
    "Attempt", "DeliveryState", "EventKind", "Lease", "Secret", "TooManyWebhooks", "Webhook", "WebhookNotFound",
    "WebhookPage", "WebhookState", "WebhookView",
]

# Errors.
__all__ += [
    "AlertNotFound", "BatchRefused", "ClaimEnded", "CommentNotFound", "CommitNotFound", "ConcurrentUpdate",
    "FilterNameTaken", "FilterNotFound", "FilterPreconditionFailed", "HasSubtasks", "HistoryForgotten",
    "IdempotencyKeyInFlight", "IdempotencyKeyReused", "ImportNotFound", "ImportRefused", "InboxStays",
    "InvalidFilter", "InvalidValue", "ListNotFound", "ListPreconditionFailed", "MatchRefused", "MissingDependency",
    "NotRecurring", "OpenDependencies", "OpenSubtasks", "PermissionDenied", "PreconditionFailed",
    "QueryTooExpensive", "QuotaExceeded", "SeriesWouldEnd", "StoreNotReady", "StoreUnavailable", "TaskClaimed",
    "TaskClosed", "TaskNotFound", "TaskharborError", "TokenExpired", "TooManyMatches", "TooManySubtasks",
    "UidTaken", "Unauthenticated", "WorkspaceArchived", "WorkspaceNotFound",
]

# Errors about access.
__all__ += [
    "ExportFirst", "InvitationNotFound", "LastOwner", "MemberIdTaken", "MemberNotFound", "TokenNotFound",
    "WorkspaceIdTaken",
]
# fmt: on
