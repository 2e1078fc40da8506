"""The errors of the use cases, and those that stores raise."""

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import ListId, Revision, TaskId, WorkspaceId
from taskharbor.domain.values.uid import Uid


class ConcurrentUpdate(TaskharborError):
    """Another unit of work committed first. The whole use case can be run again."""

    code = "concurrent_update"

    def __init__(self, task_id: TaskId | None = None) -> None:
        changed = "the same data" if task_id is None else f"task {task_id}"
        super().__init__(f"Another call changed {changed} at the same time")
        self.task_id = task_id


class PreconditionFailed(TaskharborError):
    """`if_match` is not the current revision of the task (RFC 9110 section 13.1.1)."""

    code = "precondition_failed"

    def __init__(self, task_id: TaskId, *, expected: Revision, current: Revision) -> None:
        super().__init__(f"Task {task_id} has revision {current}, not {expected}")
        self.task_id = task_id
        self.expected = expected
        self.current = current


class ListPreconditionFailed(TaskharborError):
    """`if_match` is not the current revision of the list."""

    code = "precondition_failed"

    def __init__(self, list_id: ListId, *, expected: Revision, current: Revision) -> None:
        super().__init__(f"List {list_id} has revision {current}, not {expected}")
        self.list_id = list_id
        self.expected = expected
        self.current = current


class UidTaken(TaskharborError):
    """Another task of the workspace, perhaps a deleted one, already has this uid.

    Attributes:
        uid: the uid that was requested.
        task_id: the task that has it; None if only the store knows.
    """

    code = "uid_taken"

    def __init__(self, uid: Uid, task_id: TaskId | None = None) -> None:
        which = "Another task" if task_id is None else f"Task {task_id}"
        super().__init__(f"{which} already has the uid {uid}")
        self.uid = uid
        self.task_id = task_id


class IdempotencyKeyReused(TaskharborError):
    """This key was used for a different call. Each call needs a key of its own."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used for a different request")


class IdempotencyKeyInFlight(TaskharborError):
    """The call with this key is in progress. Repeat it later to get its result."""

    code = "idempotency_key_in_flight"

    def __init__(self) -> None:
        super().__init__("The request with this idempotency key is still in progress")


class NotRecurring(TaskharborError):
    """The call is only for recurring tasks."""

    code = "not_recurring"

    def __init__(self, task_id: TaskId) -> None:
        super().__init__(f"Task {task_id} is not recurring")
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
    """The history of that time has been purged."""

    code = "history_forgotten"

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Revision {revision} is no longer available: its history has been purged")
        self.revision = revision


class TokenExpired(TaskharborError):
    """This token of the change feed cannot be continued from: start a new copy.

    Deletions since then have been purged, or its commit was lost in a restore, or is so old that nothing tells that.
    """

    code = "token_expired"

    def __init__(self) -> None:
        super().__init__("This token is too old, or from before a restore: start over with a full copy (since=*)")


class CommitNotFound(TaskharborError, LookupError):
    """The workspace has no commit with this revision."""

    code = "commit_not_found"

    def __init__(self, revision: Revision) -> None:
        super().__init__("Commit not found")
        self.revision = revision


class ImportNotFound(TaskharborError, LookupError):
    """The workspace remembers no import with this id."""

    code = "import_not_found"

    def __init__(self, import_id: Uid) -> None:
        super().__init__("Import not found")
        self.import_id = import_id


class Unauthenticated(TaskharborError):
    """The call comes with nothing that says who calls, or with what is not, or no longer, accepted.

    Attributes:
        is_invalid: whether something was presented. It does not say what is wrong with it.
        resource_metadata: where a client learns who gives credentials that are (RFC 9728), if that is known.
    """

    code = "unauthenticated"

    def __init__(self, *, is_invalid: bool = False) -> None:
        super().__init__("This needs credentials that are accepted here")
        self.is_invalid = is_invalid
        self.resource_metadata: str | None = None


class QuotaExceeded(TaskharborError):
    """The workspace would hold more than it may.

    Attributes:
        what: of what: `tasks`, `lists`, `members`, `tokens`, `webhooks` or `bytes`.
        most: how many it may hold.
    """

    code = "quota_exceeded"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"The workspace has its quota of {most} {what}: delete some first")
        self.what = what
        self.most = most


class PermissionDenied(TaskharborError):
    """The caller is known and may not do this.

    Attributes:
        needed: what is missing: `read`, `write`, `manage`, or a few words.
        has: what there is instead.
    """

    code = "permission_denied"

    def __init__(self, needed: str, *, has: str) -> None:
        super().__init__(f"This needs {needed}; the caller has {has}")
        self.needed = needed
        self.has = has


class WorkspaceNotFound(TaskharborError, LookupError):
    """There is no such workspace, or none in which the caller may do anything."""

    code = "workspace_not_found"

    def __init__(self, workspace: WorkspaceId) -> None:
        super().__init__("Workspace not found")
        self.workspace = workspace


class WorkspaceArchived(TaskharborError):
    """The workspace is archived: it can be read, and takes no changes."""

    code = "workspace_archived"

    def __init__(self, workspace: WorkspaceId) -> None:
        super().__init__(f"The workspace {workspace} is archived and takes no changes")
        self.workspace = workspace


class StoreUnavailable(TaskharborError):
    """The store cannot be reached, or did not answer in time.

    A commit that fails with it may or may not have happened: only a call with an idempotency key, and a create with a
    uid of your own, are safe to repeat.
    """

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The task store is unavailable: {reason}")
        self.reason = reason


class QueryTooExpensive(StoreUnavailable):
    """A query took the store longer than one may, and was given up. Nothing is wrong with the store.

    Attributes:
        seconds: how long one may take.
    """

    code = "query_too_expensive"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query took more than {seconds:g} seconds")
        self.seconds = seconds


class StoreNotReady(TaskharborError):
    """The store can be reached but not used, for example because its schema is outdated. `remedy` says what to do."""

    code = "store_not_ready"

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(f"{reason}: {remedy}")
        self.reason = reason
        self.remedy = remedy


class MissingDependency(TaskharborError):
    """The call needs a package that is not installed."""

    code = "missing_dependency"

    def __init__(self, package: str, *, purpose: str, extra: str) -> None:
        super().__init__(f"{package} is needed {purpose}: pip install 'taskharbor[{extra}]'")
        self.package = package
        self.extra = extra
