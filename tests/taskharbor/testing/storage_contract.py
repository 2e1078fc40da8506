"""Everything that every store promises."""

from taskharbor.testing.batch.batch_contract import BatchContract
from taskharbor.testing.batch.batch_equivalence_contract import BatchEquivalenceContract
from taskharbor.testing.batch.batch_sequence_contract import BatchSequenceContract
from taskharbor.testing.batch.batch_undo_contract import BatchUndoContract
from taskharbor.testing.batch.large_commit_contract import LargeCommitContract
from taskharbor.testing.batch.one_commit_contract import OneCommitContract
from taskharbor.testing.claims.claim_contract import ClaimContract
from taskharbor.testing.claims.claim_history_contract import ClaimHistoryContract
from taskharbor.testing.closing_contract import ClosingContract
from taskharbor.testing.history.actor_undo_contract import ActorUndoContract
from taskharbor.testing.history.as_of_contract import PastContract
from taskharbor.testing.history.as_of_search_contract import PastSearchContract
from taskharbor.testing.history.history_contract import HistoryContract
from taskharbor.testing.history.purge_boundary_contract import PurgeBoundaryContract
from taskharbor.testing.history.purge_effect_contract import PurgeEffectContract
from taskharbor.testing.history.record_undo_contract import RecordUndoContract
from taskharbor.testing.history.tombstone_contract import TombstoneContract
from taskharbor.testing.history.trash_contract import TrashContract
from taskharbor.testing.history.undo_contract import UndoContract
from taskharbor.testing.history.undo_structure_contract import UndoStructureContract
from taskharbor.testing.idempotency.idempotency_contract import IdempotencyContract
from taskharbor.testing.idempotency.repeated_create_contract import RepeatedCreateContract
from taskharbor.testing.records.record_contract import RecordContract
from taskharbor.testing.records.record_key_contract import RecordKeyContract
from taskharbor.testing.relations.comments_contract import CommentsContract
from taskharbor.testing.relations.dependencies_contract import DependenciesContract
from taskharbor.testing.relations.order_contract import OrderContract
from taskharbor.testing.relations.relation_query_contract import StructureQueryContract
from taskharbor.testing.relations.subtask_completion_contract import SubtaskCompletionContract
from taskharbor.testing.relations.subtasks_contract import SubtasksContract
from taskharbor.testing.relations.waiting_contract import WaitingContract
from taskharbor.testing.reminders.reminder_contract import ReminderContract
from taskharbor.testing.search.matching_contract import MatchingContract
from taskharbor.testing.search.sorted_page_contract import SortedPageContract
from taskharbor.testing.search.task_order_contract import TaskOrderContract
from taskharbor.testing.search.task_search_contract import TaskSearchContract
from taskharbor.testing.search.word_contract import WordContract
from taskharbor.testing.state_machine.contract import StateMachineContract
from taskharbor.testing.sync.change_feed_contract import ChangeFeedContract
from taskharbor.testing.sync.commit_mark_contract import CommitMarkContract
from taskharbor.testing.sync.synced_copy_contract import SyncedCopyContract
from taskharbor.testing.sync.watch_contract import WatchContract
from taskharbor.testing.tasks.lists_contract import ListsContract
from taskharbor.testing.tasks.page_boundary_contract import PageBoundaryContract
from taskharbor.testing.tasks.recurrence_contract import RecurrenceContract
from taskharbor.testing.tasks.task_fields_contract import TaskFieldsContract
from taskharbor.testing.tasks.task_queries_contract import TaskQueriesContract
from taskharbor.testing.tasks.task_store_contract import TaskStoreContract
from taskharbor.testing.unit_of_work.event_loop_contract import EventLoopContract
from taskharbor.testing.unit_of_work.isolation_contract import IsolationContract
from taskharbor.testing.unit_of_work.own_answer_contract import OwnAnswerContract
from taskharbor.testing.unit_of_work.refusal_contract import RefusalContract
from taskharbor.testing.unit_of_work.revision_contract import RevisionContract
from taskharbor.testing.unit_of_work.snapshot_contract import SnapshotContract
from taskharbor.testing.unit_of_work.stale_revision_contract import StaleRevisionContract
from taskharbor.testing.unit_of_work.unit_of_work_contract import UnitOfWorkContract
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
    SyncedCopyContract,
    WatchContract,
    CommitMarkContract,
    BatchContract,
    RepeatedCreateContract,
    BatchSequenceContract,
    BatchEquivalenceContract,
    BatchUndoContract,
    RecurrenceContract,
    TombstoneContract,
    RecordContract,
    HistoryContract,
    IdempotencyContract,
    PastContract,
    PastSearchContract,
    TrashContract,
    PurgeEffectContract,
    UndoContract,
    ActorUndoContract,
    UndoStructureContract,
    RecordUndoContract,
    WorkspaceContract,
    StructureQueryContract,
    SubtasksContract,
    SubtaskCompletionContract,
    DependenciesContract,
    WaitingContract,
    ListsContract,
    OrderContract,
    ClaimContract,
    ClaimHistoryContract,
    ReminderContract,
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
    """Subclass it and override the fixture `storage`; pytest then shows whether your store behaves as ours do."""
