"""The front door for stores of your own: the ports, their types and errors, and the store kit.

A store implements `Storage`. Import from here only; the modules below it may move between releases.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from taskharbor.application.documents.encoded_tasks import ITEM_SEPARATOR, EncodedTasks
from taskharbor.application.documents.task_document import details_of, document_of, task_from
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable, UidTaken
from taskharbor.application.ports.change_feed import Change, ChangeFeed, ChangeSlice, Position, Tombstone, change_of
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.housekeeping import Cutoffs, Housekeeping, Purged
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.store_figures import MeasuredStore, PoolFigures, StoreFigures
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryBounds, HistoryEntry, TaskHistory
from taskharbor.application.ports.task_queries import TaskPage, TaskQueries
from taskharbor.application.ports.task_relations import (
    InList,
    RankedTask,
    Relation,
    SubtasksOf,
    TaskRelations,
    WaitingFor,
)
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery, TaskSearch
from taskharbor.application.ports.task_store import Changeset, CommitOutcome, TaskStore
from taskharbor.application.ports.task_trash import DeletedPosition, TaskTrash
from taskharbor.application.ports.uids import Uids
from taskharbor.application.ports.workspace_copies import (
    CopiedRows,
    Fence,
    WorkspaceCopies,
    WorkspaceHead,
    WorkspaceRows,
)
from taskharbor.domain.identifiers import MAX_ID, ListId, Revision, TaskId, WorkspaceId
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.recurrence.rule import ByDay, Frequency, RecurrenceRule
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.fields import CAN_BE_ABSENT, Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.order import Order, OrderField, OrderKey, OrderValue, order_key, order_values
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import UrgencyWeights
from taskharbor.domain.search.words import Words, words_of_task
from taskharbor.domain.tasks.alert import Alert
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.comment import Comment
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.reminder import AbsoluteReminder, RelativeReminder, RelativeTo, Reminder
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.domain.values.time_zone import zone
from taskharbor.domain.values.uid import Uid, uid_from

if TYPE_CHECKING:
    from taskharbor.application.store_kit.exports import (
        BufferedTransaction,
        Candidates,
        FoundTask,
        KeyValueStorage,
        KeyValueStore,
        KeyValueTransaction,
        Pace,
        Scan,
        ScanningStorage,
        TransactionConflict,
        assignee_token,
        count_among,
        count_in_turns,
        dependency_token,
        facets_among,
        facets_in_turns,
        find_among,
        find_in_turns,
        index_tokens,
        same_tokens,
        tag_token,
        word_token,
    )
else:

    def __getattr__(name: str) -> object:
        """Import the store kit when it is asked for: it imports the ports itself."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module("taskharbor.application.store_kit.exports"), name)


# fmt: off
# The ports.
__all__ = [
    "ChangeFeed", "Clock", "CommitHints", "FilterParser", "Housekeeping", "MeasuredStore", "Occurrences", "RecordStore",
    "Storage", "TaskHistory", "TaskQueries", "TaskRelations", "TaskSearch", "TaskStore", "TaskTrash", "Uids",
    "WorkspaceCopies",
]

# What they take and return.
__all__ += [
    "ITEM_SEPARATOR", "OF_RECORDS", "Change", "ChangeSlice", "Changeset", "CommitOutcome", "CopiedRows", "Cutoffs",
    "DeletedPosition", "DueBuckets", "EncodedTasks", "Fence", "HistoryBounds", "HistoryEntry", "InList", "PoolFigures",
    "Position", "Purged", "RankedTask",
    "Record", "RecordKey", "Relation", "StoreFigures", "SubtasksOf", "TaskFacets", "TaskPage", "TaskQuery", "TaskView",
    "Tombstone", "WaitingFor", "WorkspaceHead", "WorkspaceRows", "change_of",
]

# Tasks and their values.
__all__ += [
    "MAX_ID",
    "AbsoluteReminder",
    "Alert",
    "AllDay",
    "Anchor",
    "ByDay",
    "CalendarTime",
    "Claim",
    "Comment",
    "Duration",
    "Floating",
    "Frequency",
    "ListId",
    "OccurrenceOf",
    "Overdue",
    "Progress",
    "Rank",
    "Recurrence",
    "RecurrenceRule",
    "RelativeReminder",
    "RelativeTo",
    "Reminder",
    "Revision",
    "SignedDuration",
    "Task",
    "TaskId",
    "Uid",
    "WorkspaceId",
    "Zoned",
    "uid_from",
    "zone",
]

# Filters, order, urgency.
__all__ += [
    "CAN_BE_ABSENT", "And", "Compare", "Facts", "Field", "Filter", "Flag", "Has", "Mentions", "Not", "Operator",
    "Or", "Order", "OrderField", "OrderKey", "OrderValue", "Present", "Span", "UrgencyScale", "UrgencyWeights",
    "matches", "order_key", "order_values",
]

# The store kit: tasks as JSON, scans, sorted keys, search tokens.
__all__ += [
    "BufferedTransaction", "Candidates", "FoundTask", "KeyValueStorage", "KeyValueStore", "KeyValueTransaction", "Pace",
    "Scan", "ScanningStorage", "Words", "assignee_token", "count_among", "count_in_turns", "dependency_token",
    "details_of", "document_of", "facets_among", "facets_in_turns", "find_among", "find_in_turns", "index_tokens",
    "same_tokens", "tag_token", "task_from", "word_token", "words_of_task",
]

# Errors.
__all__ += ["ConcurrentUpdate", "StoreNotReady", "StoreUnavailable", "TransactionConflict", "UidTaken"]
# fmt: on
