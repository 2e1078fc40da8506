"""The response to a batch."""

from functools import partial
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from taskharbor.application.batch.references import command_of
from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult, ByName, Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.saved_filters.manage_saved_filters import DeleteSavedFilter, SaveFilter
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import MatchedTasks
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.turns import mapped
from taskharbor.application.undo.undo_commit import Undone
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.entrypoints.http.history.documents import (
    UndoneRecordDocument,
    undo_parts,
)
from taskharbor.entrypoints.http.responses.problems import Problem, problem_for
from taskharbor.entrypoints.http.schemas.documents import (
    Document,
    Id,
    ListDocument,
    TaskDocument,
    TaskRevision,
    list_document,
    task_document,
)
from taskharbor.entrypoints.http.schemas.undo_documents import (
    ConflictDocument,
    RecordConflictDocument,
    UndoneDocument,
)
from taskharbor.entrypoints.http.search.documents import SavedFilterDocument, saved_filter_document

_CREATED: Final = 201
_CHANGED: Final = 200
_DELETED: Final = 204
_MAKING: Final = (CreateTask, CreateList, SaveFilter)

_Status = Annotated[int, Field(description="The status that the command alone would have had.")]


class DoneDocument(Document):
    """A command that was carried out."""

    status: _Status
    task: Annotated[TaskDocument, Field(description="The task as the whole batch left it.")]


class DoneMatchingDocument(Document):
    """A bulk change that was carried out."""

    status: _Status
    matched: Annotated[int, Field(description="How many tasks matched at its turn.")]
    tasks: Annotated[
        list[TaskDocument],
        Field(description="The tasks that matched, as the whole batch left them, by id."),
    ]


class DoneUndoDocument(Document):
    """An undo that was carried out."""

    status: _Status
    undone: Annotated[list[UndoneDocument], Field(description="What was undone, by task id.")]
    conflicts: Annotated[list[ConflictDocument], Field(description="What was not undone, by task id.")]
    records: Annotated[list[UndoneRecordDocument], Field(description="What was undone of lists and saved filters.")]
    record_conflicts: Annotated[
        list[RecordConflictDocument], Field(description="What was not undone of lists and saved filters.")
    ]


class DoneListDocument(Document):
    """A command on a list that was carried out."""

    status: _Status
    list: Annotated[ListDocument, Field(description="The list as the whole batch left it.")]


class DoneFilterDocument(Document):
    """A command on a saved filter that was carried out."""

    status: _Status
    filter: Annotated[SavedFilterDocument, Field(description="The saved filter as the whole batch left it.")]


class DeletedFilterDocument(Document):
    """A saved filter that was deleted."""

    status: _Status
    name: str
    revision: TaskRevision


class DeletedDocument(Document):
    """A delete of a task or a list that was carried out."""

    status: _Status
    id: Id
    revision: TaskRevision


class RefusedDocument(Document):
    """A command that was left out of a batch that is not atomic."""

    status: _Status
    problem: Problem


Result: TypeAlias = (
    DoneDocument
    | DoneMatchingDocument
    | DoneUndoDocument
    | DoneListDocument
    | DoneFilterDocument
    | DeletedDocument
    | DeletedFilterDocument
    | RefusedDocument
)


class BatchDocument(Document):
    """The result of a batch."""

    revision: Annotated[
        int | None, Field(description="The revision of the commit; null if nothing was changed or in a dry run.")
    ]
    results: Annotated[list[Result], Field(description="One for each command, in the same order.")]


async def batch_document(batch: RunBatch, outcome: BatchOutcome, *, whole: bool = False) -> BatchDocument:
    """Return the document of `outcome`; what was deleted is in it only if it shall be `whole`."""
    pairs = enumerate(zip(batch.commands, outcome.results, strict=True))
    results = [(place, entry, result) for place, (entry, result) in pairs]
    return BatchDocument(outcome.revision, await mapped(partial(_result, whole=whole), results))


def _result(one: tuple[int, Command | ByName, BatchResult], *, whole: bool) -> Result:  # noqa: PLR0911  # one for each sort of result
    place, entry, result = one
    command = command_of(entry)
    status = _CREATED if isinstance(command, _MAKING) else _CHANGED
    match result:
        case TaskView():  # the first, as most are
            if isinstance(command, DeleteTask) and not whole:
                return DeletedDocument(_DELETED, result.id, result.revision)
            return DoneDocument(status, task_document(result))
        case TaskharborError():
            problem = problem_for(BatchRefused(place, result))
            return RefusedDocument(problem.status, problem)
        case MatchedTasks():
            tasks = [task_document(task) for task in result.tasks]
            return DoneMatchingDocument(status, len(tasks), tasks)
        case Undone():
            return DoneUndoDocument(status, *undo_parts(result))
        case SavedFilter():
            if isinstance(command, DeleteSavedFilter) and not whole:
                return DeletedFilterDocument(_DELETED, result.name, result.revision)
            return DoneFilterDocument(status, saved_filter_document(result))
        case TaskList():
            if isinstance(command, DeleteList) and not whole:
                return DeletedDocument(_DELETED, result.id, result.revision)
            return DoneListDocument(status, list_document(result))
