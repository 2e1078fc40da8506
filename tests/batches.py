"""Batches for tests, and a store that keeps what is asked of it."""

from collections.abc import Collection, Mapping, Sequence

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.commands import Command
from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult, ByName, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import (
    ConcurrentUpdate,
)
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Flag
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task

UID = "0190b1f4-1234-7abc-8def-0123456789ab"
OTHER = "0190b1f4-1234-7abc-8def-0123456789ac"
MISSING = 999


class RecordingStorage(InMemoryStorage):
    """Keeps what was sent to it, and loses the first races: `losses` of them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Changeset] = []
        self.loads: list[Collection[TaskId]] = []
        self.losses = 0
        self.listed = 0
        self.finds = 0

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Count it."""
        self.finds += 1
        return await super().find_tasks(workspace, query)

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Count it."""
        self.listed += 1
        return await super().list_records(workspace, kind, after=after, limit=limit)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Keep which."""
        self.loads.append(ids)
        return await super().load_tasks(workspace, ids)

    async def commit(self, changes: Changeset) -> Revision:
        """Keep what; refuse it as long as there are losses left."""
        self.sent.append(changes)
        if self.losses:
            self.losses -= 1
            raise ConcurrentUpdate
        return await super().commit(changes)


async def run(harbor: UseCases, *commands: Command | ByName, **options: bool) -> BatchOutcome:
    """Run a batch."""
    return await harbor.execute(RunBatch(commands=commands, **options))


async def tasks(harbor: UseCases) -> list[TaskView]:
    """Return all tasks."""
    return (await harbor.list_tasks(ListTasks(limit=1000))).items


async def create(harbor: UseCases, number: int = 1) -> list[TaskId]:
    """Make so many tasks in one batch; return their ids."""
    return await create_all(harbor, *(CreateTask(title=f"task {n}") for n in range(number)))


async def create_all(harbor: UseCases, *commands: CreateTask) -> list[TaskId]:
    """Make tasks in one batch; return their ids."""
    outcome = await run(harbor, *commands)
    return [result.id for result in outcome.results if isinstance(result, TaskView)]


def view(result: BatchResult) -> TaskView:
    """Return the task that a command was answered with."""
    assert isinstance(result, TaskView)
    return result


def matching(*, max_affected: int = 1000, dry_run: bool = False) -> ChangeMatching:
    """Return a change of all open tasks."""
    question = TaskCriteria(filter=Flag(Field.IS_OPEN))
    return ChangeMatching(
        question=question, changes=TaskChanges(priority=1), max_affected=max_affected, dry_run=dry_run
    )
