"""From the JSON that a server answers with to the values that use cases return."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_document import DOCUMENT_FIELDS
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.interchange.import_report import Finding, ImportReport
from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.ports.quick_line import Taken
from taskharbor.application.quick_add.quick_add import QuickAdded
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import MatchedTasks, MatchingOutcome
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, RefusedUndo
from taskharbor.application.undo.undo_commit import Undone, UndoOutcome
from taskharbor.application.undo.undo_import import ImportUndone
from taskharbor.application.undo.undo_records import RecordConflict, UndoneRecord
from taskharbor.application.undo.undo_tasks import UndoConflict, UndoneTask
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.search.urgency_weights import millionths
from taskharbor.domain.tasks.recurring_task import Occurrence
from taskharbor.domain.values.calendar_time import CalendarTime, calendar_time_from
from taskharbor.domain.values.instant import instant_of

Json = dict[str, Any]

RefusalOf = Callable[[Json], TaskharborError]
"""Makes an error of a problem document."""

TASK_MEMBERS: Final = (*(field.name for field in DOCUMENT_FIELDS), "blocked", "revision")
"""What a whole task has, in the order of its document."""


def task_of(document: Json) -> TaskView:
    """Return a task. In the feed of changes it has no `blocked`."""
    kept = {name: value for name, value in document.items() if name not in {"blocked", "revision", "urgency"}}
    urgency = document.get("urgency")
    return TaskView(
        json_text(kept),
        document["revision"],
        blocked=document.get("blocked"),
        urgency=None if urgency is None else millionths(urgency),
    )


def quick_added_of(document: Json) -> QuickAdded:
    """Return how a line was understood."""
    taken = tuple([Taken(one["start"], one["end"], one["field"]) for one in document["taken"]])
    return QuickAdded(task=task_of(document["task"]), taken=taken, line=document["line"])


def tasks_of(documents: Iterable[Json]) -> list[TaskView]:
    """Return several tasks."""
    return [task_of(one) for one in documents]


def change_of(document: Json) -> Change:
    """Return an item of the feed."""
    if "deleted" not in document:
        return task_of(document)
    return Tombstone(document["id"], document["uid"], document["revision"], instant_of(document["deleted"]))


def comment_of(document: Json, task_id: TaskId, revision: Revision) -> CommentView:
    """Return a comment on a task that has this revision."""
    instants: Json = {name: instant_of(document[name]) for name in ("created", "updated")}
    return CommentView(**document | instants, task_id=task_id, revision=revision)


def list_of(document: Json) -> TaskList:
    """Return a list."""
    instants: Json = {name: document[name] and instant_of(document[name]) for name in ("created", "updated")}
    return TaskList(**document | instants)


def occurrence_of(document: Json) -> Occurrence:
    """Return an occurrence of a recurring task."""
    times = {name: document[name] and calendar_time_from(name, document[name]) for name in ("start", "due")}
    recurrence_id: CalendarTime = calendar_time_from("recurrenceId", document["recurrenceId"])
    return Occurrence(recurrence_id=recurrence_id, **times)


def saved_filter_of(document: Json) -> SavedFilter:
    """Return a saved filter."""
    return SavedFilter(**document)


def matching_of(document: Json) -> MatchingOutcome:
    """Return what became of a bulk change."""
    return MatchingOutcome(tasks=tasks_of(document["tasks"]), revision=document["revision"])


def undone_of(document: Json) -> Undone:
    """Return what was undone."""
    return Undone(
        undone=[UndoneTask(**one) for one in document["undone"]],
        conflicts=[UndoConflict(**one) for one in document["conflicts"]],
        records=[UndoneRecord(**one) for one in document["records"]],
        record_conflicts=[RecordConflict(**one) for one in document["record_conflicts"]],
    )


def undo_of(document: Json) -> UndoOutcome:
    """Return what became of an undo."""
    found = undone_of(document)
    return UndoOutcome(
        undone=found.undone,
        conflicts=found.conflicts,
        records=found.records,
        record_conflicts=found.record_conflicts,
        revision=document["revision"],
    )


def actor_undo_of(document: Json) -> ActorUndoOutcome:
    """Return what became of an undo of all that an actor did."""
    found = undone_of(document)
    return ActorUndoOutcome(
        undone=found.undone,
        conflicts=found.conflicts,
        records=found.records,
        record_conflicts=found.record_conflicts,
        commits=document["commits"],
        refused=[RefusedUndo(**one) for one in document["refused"]],
        continue_until=document["continue_until"],
        revision=document["revision"],
    )


def import_of(document: Json) -> ImportReport:
    """Return what became of an import."""
    listed: Json = {name: [Finding(**one) for one in document[name]] for name in ("problems", "remarks")}
    return ImportReport(**document | listed)


def import_undone_of(document: Json) -> ImportUndone:
    """Return what became of the undo of an import."""
    listed: Json = {
        "conflicts": [UndoConflict(**one) for one in document["conflicts"]],
        "record_conflicts": [RecordConflict(**one) for one in document["record_conflicts"]],
    }
    return ImportUndone(**document | listed)


def outcome_of(document: Json, refusal: RefusalOf) -> BatchOutcome:
    """Return what became of a batch."""
    results = [_result(one, refusal) for one in document["results"]]
    return BatchOutcome(results=results, revision=document["revision"])


def _result(document: Json, refusal: RefusalOf) -> BatchResult:
    match document:
        case {"problem": problem}:
            return refusal(problem)
        case {"tasks": tasks}:
            return MatchedTasks(tasks=tasks_of(tasks))
        case {"undone": _}:
            return undone_of(document)
        case {"list": task_list}:
            return list_of(task_list)
        case {"filter": saved}:
            return saved_filter_of(saved)
        case _:
            return task_of(document["task"])
