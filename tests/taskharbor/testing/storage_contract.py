"""Everything that every store promises."""

from taskharbor.testing.batch_contract import BatchContract
from taskharbor.testing.batch_sequence_contract import BatchSequenceContract
from taskharbor.testing.batch_undo_contract import BatchUndoContract
from taskharbor.testing.change_feed_contract import ChangeFeedContract
from taskharbor.testing.closing_contract import ClosingContract
from taskharbor.testing.comments_contract import CommentsContract
from taskharbor.testing.dependencies_contract import DependenciesContract
from taskharbor.testing.event_loop_contract import EventLoopContract
from taskharbor.testing.history_contract import HistoryContract
from taskharbor.testing.idempotency_contract import IdempotencyContract
from taskharbor.testing.isolation_contract import IsolationContract
from taskharbor.testing.large_commit_contract import LargeCommitContract
from taskharbor.testing.lists_contract import ListsContract
from taskharbor.testing.matching_contract import MatchingContract
from taskharbor.testing.one_commit_contract import OneCommitContract
from taskharbor.testing.order_contract import OrderContract
from taskharbor.testing.own_answer_contract import OwnAnswerContract
from taskharbor.testing.page_boundary_contract import PageBoundaryContract
from taskharbor.testing.past_contract import PastContract
from taskharbor.testing.past_search_contract import PastSearchContract
from taskharbor.testing.purge_boundary_contract import PurgeBoundaryContract
from taskharbor.testing.record_contract import RecordContract
from taskharbor.testing.record_key_contract import RecordKeyContract
from taskharbor.testing.record_undo_contract import RecordUndoContract
from taskharbor.testing.recurrence_contract import RecurrenceContract
from taskharbor.testing.refusal_contract import RefusalContract
from taskharbor.testing.repeated_create_contract import RepeatedCreateContract
from taskharbor.testing.revision_contract import RevisionContract
from taskharbor.testing.snapshot_contract import SnapshotContract
from taskharbor.testing.sorted_page_contract import SortedPageContract
from taskharbor.testing.stale_revision_contract import StaleRevisionContract
from taskharbor.testing.state_machine_contract import StateMachineContract
from taskharbor.testing.structure_query_contract import StructureQueryContract
from taskharbor.testing.subtasks_contract import SubtasksContract
from taskharbor.testing.task_fields_contract import TaskFieldsContract
from taskharbor.testing.task_order_contract import TaskOrderContract
from taskharbor.testing.task_queries_contract import TaskQueriesContract
from taskharbor.testing.task_search_contract import TaskSearchContract
from taskharbor.testing.task_store_contract import TaskStoreContract
from taskharbor.testing.tombstone_contract import TombstoneContract
from taskharbor.testing.trash_contract import TrashContract
from taskharbor.testing.undo_contract import UndoContract
from taskharbor.testing.unit_of_work_contract import UnitOfWorkContract
from taskharbor.testing.waiting_contract import WaitingContract
from taskharbor.testing.word_contract import WordContract
from taskharbor.testing.workspace_contract import WorkspaceContract


class StorageContract(
    TaskStoreContract,
    TaskFieldsContract,
    StaleRevisionContract,
    RevisionContract,
    UnitOfWorkContract,
    TaskQueriesContract,
    TaskSearchContract,
    TaskOrderContract,
    MatchingContract,
    ChangeFeedContract,
    BatchContract,
    RepeatedCreateContract,
    BatchSequenceContract,
    BatchUndoContract,
    RecurrenceContract,
    TombstoneContract,
    RecordContract,
    HistoryContract,
    IdempotencyContract,
    PastContract,
    PastSearchContract,
    TrashContract,
    UndoContract,
    RecordUndoContract,
    WorkspaceContract,
    StructureQueryContract,
    SubtasksContract,
    DependenciesContract,
    WaitingContract,
    ListsContract,
    OrderContract,
    CommentsContract,
    SnapshotContract,
    RefusalContract,
    LargeCommitContract,
    OneCommitContract,
    PageBoundaryContract,
    SortedPageContract,
    WordContract,
    RecordKeyContract,
    PurgeBoundaryContract,
    IsolationContract,
    OwnAnswerContract,
    EventLoopContract,
    ClosingContract,
    StateMachineContract,
):
    """Subclass it, override the fixture `storage`, and pytest tells whether your store behaves as ours do."""
