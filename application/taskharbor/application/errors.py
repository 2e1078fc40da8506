"""What the use cases refuse, and what they report of their stores."""

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import ListId, Revision, TaskId
from taskharbor.domain.values.uid import Uid


class ConcurrentUpdate(TaskharborError):
    """Another unit of work committed first. The whole use case can be run again."""

    code = "concurrent_update"

    def __init__(self, task_id: TaskId | None = None) -> None:
        task = "a task of this unit of work" if task_id is None else f"task {task_id}"
        super().__init__(f"Somebody else changed {task} at the same time")
        self.task_id = task_id


class PreconditionFailed(TaskharborError):
    """The caller asked for a change of a revision that is not the current one (RFC 9110 section 13.1.1)."""

    code = "precondition_failed"

    def __init__(self, task_id: TaskId, *, expected: Revision, current: Revision) -> None:
        super().__init__(f"Task {task_id} has revision {current}, not {expected}")
        self.task_id = task_id
        self.expected = expected
        self.current = current


class ListPreconditionFailed(TaskharborError):
    """The caller asked for a change of a revision of a list that is not the current one."""

    code = "precondition_failed"

    def __init__(self, list_id: ListId, *, expected: Revision, current: Revision) -> None:
        super().__init__(f"List {list_id} has revision {current}, not {expected}")
        self.list_id = list_id
        self.expected = expected
        self.current = current


class UidTaken(TaskharborError):
    """The workspace has another task with this uid already, perhaps a deleted one.

    Attributes:
        uid: what was asked for.
        task_id: which task has it; None where only the store's refusal is known.
    """

    code = "uid_taken"

    def __init__(self, uid: Uid, task_id: TaskId | None = None) -> None:
        which = "a task" if task_id is None else f"task {task_id}"
        super().__init__(f"There is {which} with uid {uid} already")
        self.uid = uid
        self.task_id = task_id


class IdempotencyKeyReused(TaskharborError):
    """This key came with another request before. Each request needs a key of its own."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("Another request was made with this idempotency key")


class IdempotencyKeyInFlight(TaskharborError):
    """The request with this key is being carried out at this moment. Soon it can be asked for its answer."""

    code = "idempotency_key_in_flight"

    def __init__(self) -> None:
        super().__init__("A request with this idempotency key is still being carried out")


class NotRecurring(TaskharborError):
    """What was asked for makes sense only for a task that comes again."""

    code = "not_recurring"

    def __init__(self, task_id: TaskId) -> None:
        super().__init__(f"Task {task_id} does not come again")
        self.task_id = task_id


class BatchRefused(TaskharborError):
    """One command of an atomic batch was refused, so nothing was done.

    Attributes:
        place: which command; 0 is the first.
        refusal: why.
    """

    code = "batch_refused"

    def __init__(self, place: int, refusal: TaskharborError) -> None:
        super().__init__(f"Command {place} was refused: {refusal}")
        self.place = place
        self.refusal = refusal


class HistoryForgotten(TaskharborError):
    """The history does not go back so far any more: what it told of then has been purged."""

    code = "history_forgotten"

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Nobody remembers revision {revision} any more: the history does not go back so far")
        self.revision = revision


class TokenExpired(TaskharborError):
    """A token of the feed of changes is so old that deletions since then have been purged: begin a new copy."""

    code = "token_expired"

    def __init__(self) -> None:
        super().__init__("Tasks that were deleted since then have been purged: begin again with a full copy (since=*)")


class CommitNotFound(TaskharborError, LookupError):
    """The workspace has not made a commit with this revision."""

    code = "commit_not_found"

    def __init__(self, revision: Revision) -> None:
        super().__init__("Commit not found")
        self.revision = revision


class StoreUnavailable(TaskharborError):
    """The store cannot be reached, or did not answer in time.

    A commit that ends so may or may not have happened: only a call with an idempotency key, and a create with a uid of
    your own, can be repeated blindly.
    """

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The task store is not available: {reason}")
        self.reason = reason


class StoreNotReady(TaskharborError):
    """The store can be reached and must not be used as it is: its schema is behind, say. `remedy` is what to do."""

    code = "store_not_ready"

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(f"{reason}: {remedy}")
        self.reason = reason
        self.remedy = remedy


class MissingDependency(TaskharborError):
    """Something was asked for that needs a package which is not installed."""

    code = "missing_dependency"

    def __init__(self, package: str, *, purpose: str, extra: str) -> None:
        super().__init__(f"{package} is needed {purpose}: pip install 'taskharbor[{extra}]'")
        self.package = package
        self.extra = extra
