"""The responses about history, the trash and undo."""

from datetime import datetime
from typing import Annotated, Any, cast

import msgspec
from pydantic import Field

from taskharbor.application.history.list_history import HistoryPage
from taskharbor.application.history.trash import DeletedTask
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.undo.undo_actor import ActorUndoOutcome
from taskharbor.application.undo.undo_commit import Undone, UndoOutcome
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.schemas.documents import Document, TaskDocument
from taskharbor.entrypoints.http.schemas.undo_documents import ConflictDocument, RecordConflictDocument, UndoneDocument


class HistoryDocument(Document):
    """What one commit did to a task."""

    revision: Annotated[int, Field(description="The revision of the commit, for `as_of` and `undo`.")]
    at: Annotated[datetime, Field(description="When, in UTC.")]
    command: Annotated[str, Field(description="The name of the command.", examples=["complete_task"])]
    actor: Annotated[str | None, Field(description="Who made the change, or null.")]
    changes: Annotated[
        dict[str, list[Any]],
        Field(description="The values of each changed field before and after. For a new task, null before."),
    ]


class DeletedTaskDocument(TaskDocument, kw_only=True):
    """A task as it was when it was deleted."""

    deleted: Annotated[datetime, Field(description="When it was deleted, in UTC.")]


class UndoneRecordDocument(Document):
    """What was undone of a list or a saved filter."""

    kind: Annotated[str, Field(description="`list` or `filter`.")]
    key: Annotated[str, Field(description="The id of the list, or the name of the filter in lower case.")]
    action: Annotated[str, Field(description="`removed`, `restored` or `changed`.")]


class UndoDocument(Document):
    """What became of an undo."""

    revision: Annotated[
        int | None,
        Field(description="The revision of the undo, which can itself be undone. Null if there was nothing to undo."),
    ]
    undone: Annotated[list[UndoneDocument], Field(description="What was undone, by task id.")]
    conflicts: Annotated[list[ConflictDocument], Field(description="What was not undone, by task id.")]
    records: Annotated[list[UndoneRecordDocument], Field(description="What was undone of lists and saved filters.")]
    record_conflicts: Annotated[
        list[RecordConflictDocument], Field(description="What was not undone of lists and saved filters.")
    ]


def history_documents(page: HistoryPage) -> list[HistoryDocument]:
    """Return the document of a page of the history."""
    return [_history_document(entry) for entry in page.items]


def deleted_body(items: list[DeletedTask]) -> PageBody:
    """Return deleted tasks as a JSON array."""
    texts = [f'{item.task.as_json()[:-1]},"deleted":"{instant_as_json(item.deleted)}"}}' for item in items]
    return PageBody.of(f"[{','.join(texts)}]".encode())


def undo_document(outcome: UndoOutcome) -> UndoDocument:
    """Return the document of an undo."""
    return UndoDocument(outcome.revision, *undo_parts(outcome))


class RefusedUndoDocument(Document):
    """A commit that could not be undone at all."""

    revision: Annotated[int, Field(description="The revision of the commit.")]
    code: Annotated[str, Field(description="The reason, for programs.")]
    why: Annotated[str, Field(description="The reason, for people.")]


class ActorUndoDocument(UndoDocument):
    """What became of an undo of all that an actor did."""

    commits: Annotated[list[int], Field(description="The commits that were undone, the latest first.")]
    refused: Annotated[list[RefusedUndoDocument], Field(description="The commits that could not be undone at all.")]
    continue_until: Annotated[
        int | None,
        Field(
            description="Null if all commits were looked at. Else those up to this revision were not: ask again with "
            "it as `until`."
        ),
    ]


def actor_undo_document(outcome: ActorUndoOutcome) -> ActorUndoDocument:
    """Return the document of an undo of all that an actor did."""
    refused = [RefusedUndoDocument(one.revision, one.code, one.why) for one in outcome.refused]
    return ActorUndoDocument(outcome.revision, *undo_parts(outcome), outcome.commits, refused, outcome.continue_until)


def undo_parts(
    found: Undone,
) -> tuple[list[UndoneDocument], list[ConflictDocument], list[UndoneRecordDocument], list[RecordConflictDocument]]:
    """Return what was undone and what was not: of tasks, then of records."""
    return (
        [UndoneDocument(one.task, one.fields) for one in found.undone],
        [ConflictDocument(one.task, one.fields, one.code, one.why) for one in found.conflicts],
        [UndoneRecordDocument(one.kind, one.key, one.action) for one in found.records],
        [RecordConflictDocument(one.kind, one.key, one.code, one.why) for one in found.record_conflicts],
    )


def _history_document(entry: HistoryEntry) -> HistoryDocument:
    changes = cast("dict[str, list[Any]]", msgspec.Raw(entry.changes.encode()))
    return HistoryDocument(entry.revision, entry.at, entry.command, entry.actor, changes)
