"""What is told of a batch that was carried out."""

from typing import Annotated, Final

from pydantic import Field

from taskharbor.application.errors import BatchRefused
from taskharbor.application.run_batch import BatchOutcome, Command, RunBatch, ToCreated
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.documents import Document, Id, TaskDocument, TaskRevision, task_document
from taskharbor.entrypoints.http.problems import Problem, told_of

_CREATED: Final = 201
_CHANGED: Final = 200
_DELETED: Final = 204

_Status = Annotated[int, Field(description="What the command alone would have been answered with.")]


class DoneDocument(Document):
    """A command that was carried out."""

    status: _Status
    task: Annotated[TaskDocument, Field(description="The task as the whole batch left it.")]


class DeletedDocument(Document):
    """A delete that was carried out."""

    status: _Status
    id: Id
    revision: TaskRevision


class RefusedDocument(Document):
    """A command that was left out of a batch that is not atomic."""

    status: _Status
    problem: Problem


class BatchDocument(Document):
    """What became of a batch."""

    revision: Annotated[
        int | None, Field(description="What the commit took; null if nothing was changed, or in a dry run.")
    ]
    results: Annotated[
        list[DoneDocument | DeletedDocument | RefusedDocument],
        Field(description="One for each command, in the same order."),
    ]


def batch_document(batch: RunBatch, outcome: BatchOutcome) -> BatchDocument:
    """Return what is told of `outcome`."""
    pairs = zip(batch.commands, outcome.results, strict=True)
    return BatchDocument(
        outcome.revision, [_result(place, command, result) for place, (command, result) in enumerate(pairs)]
    )


def _result(
    place: int, command: Command | ToCreated, result: TaskView | TaskharborError
) -> DoneDocument | DeletedDocument | RefusedDocument:
    if isinstance(result, TaskharborError):
        problem = told_of(BatchRefused(place, result))
        return RefusedDocument(problem.status, problem)
    if isinstance(command, ToCreated):
        command = command.command
    if isinstance(command, DeleteTask):
        return DeletedDocument(_DELETED, result.id, result.revision)
    return DoneDocument(_CREATED if isinstance(command, CreateTask) else _CHANGED, task_document(result))
