"""What databases know our types by: it stays, whatever becomes of the classes."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args, get_overloads, get_type_hints

import pytest

from taskharbor.application.batch.commands import Command
from taskharbor.application.batch.references import ByName
from taskharbor.application.batch.run_batch import BatchOutcome, RunBatch
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.idempotency.fingerprint import fingerprint_of
from taskharbor.application.idempotency.stored_names import ANSWER_NAMES, REQUEST_NAMES, answer_type
from taskharbor.application.interchange.import_command import ImportRequest, ImportTasks
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.lists.manage_lists import ChangeList
from taskharbor.application.reminders.fire_reminder import FireReminder
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_records import UndoneRecord
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.tasks.changes import TaskChanges

_WRITTEN_AT_FIRST = (
    # What answers were kept as while each was found by the path of its module.
    "application.errors:BatchRefused",
    "application.errors:CommitNotFound",
    "application.errors:ConcurrentUpdate",
    "application.errors:HistoryForgotten",
    "application.errors:IdempotencyKeyInFlight",
    "application.errors:IdempotencyKeyReused",
    "application.errors:ListPreconditionFailed",
    "application.errors:MissingDependency",
    "application.errors:NotRecurring",
    "application.errors:PreconditionFailed",
    "application.errors:StoreNotReady",
    "application.errors:StoreUnavailable",
    "application.errors:TokenExpired",
    "application.errors:UidTaken",
    "application.history.record_undoing:RecordConflict",
    "application.history.record_undoing:UndoneRecord",
    "application.history.task_undoing:UndoConflict",
    "application.history.task_undoing:UndoneTask",
    "application.history.undo_commit:TakenBack",
    "application.history.undo_commit:UndoOutcome",
    "application.interchange.import_report:Finding",
    "application.interchange.import_report:ImportRefused",
    "application.interchange.import_report:ImportReport",
    "application.run_batch:BatchOutcome",
    "application.search.change_matching:MatchRefused",
    "application.search.change_matching:MatchedTasks",
    "application.search.change_matching:MatchingOutcome",
    "application.search.matching_tasks:TooManyMatches",
    "application.search.saved_filter:FilterNameTaken",
    "application.search.saved_filter:FilterNotFound",
    "application.search.saved_filter:FilterPreconditionFailed",
    "application.search.saved_filter:SavedFilter",
    "application.tasks.task_comments:CommentView",
    "domain.errors:CommentNotFound",
    "domain.errors:HasSubtasks",
    "domain.errors:InboxStays",
    "domain.errors:InvalidValue",
    "domain.errors:ListNotFound",
    "domain.errors:OpenDependencies",
    "domain.errors:OpenSubtasks",
    "domain.errors:SeriesWouldEnd",
    "domain.errors:TaskNotFound",
    "domain.errors:TooManySubtasks",
    "domain.filter_syntax:InvalidFilter",
    "domain.task_list:TaskList",
)


@pytest.mark.parametrize("written", _WRITTEN_AT_FIRST)
def test_what_was_kept_by_the_path_of_a_module_is_found_by_name(written: str) -> None:
    assert ANSWER_NAMES[answer_type(written)] == written.partition(":")[2]


def test_no_name_of_an_answer_has_changed() -> None:
    assert {written.partition(":")[2] for written in _WRITTEN_AT_FIRST} <= {*ANSWER_NAMES.values()}
    assert len({*ANSWER_NAMES.values()}) == len(ANSWER_NAMES)
    assert not {"tuple", "object", "datetime", "date", "task"} & {*ANSWER_NAMES.values()}


def test_a_name_that_is_not_known_is_told() -> None:
    with pytest.raises(LookupError, match="kept as os:system, which this version does not know"):
        answer_type("os:system")


@pytest.mark.parametrize(
    ("request_", "actor", "fingerprint"),
    [
        (
            RunBatch(
                commands=[
                    CreateTask(title="a", due={"date": "2026-12-01"}),
                    ByName(list="x", command=ChangeList(id=1, name="b")),
                ]
            ),
            "ada",
            "139e7546dc23b2ad3d528ab462dad48009682984819b6e6b189865f31da26726",
        ),
        (
            ChangeMatching(question=TaskCriteria(filter="id > 0"), changes=TaskChanges(priority=1), max_affected=3),
            None,
            "d125ebeec5783d245dab8789a835fcbd7fd16a39fe39a8f8684d702fa63b0d2d",
        ),
        (
            ImportRequest(format="jsonl", atomic=True, digest="0"),
            None,
            "ba3c16c30c386fc5b4e2bc99acfbecd419fa19f9d3532093ec98993f0705898a",
        ),
    ],
    ids=lambda request: type(request).__name__,
)
def test_a_request_has_the_fingerprint_that_it_had_in_the_first_version(
    request_: object, actor: str | None, fingerprint: str
) -> None:
    assert fingerprint_of(request_, actor) == fingerprint


def test_no_name_of_a_request_has_changed() -> None:
    assert {*REQUEST_NAMES.values()} >= {
        *("CreateTask", "ChangeTask", "CompleteTask", "SkipOccurrence", "ReopenTask", "StartTask", "CancelTask"),
        *("DeleteTask", "RestoreTask", "MoveTask", "AddComment", "EditComment", "DeleteComment", "CreateList"),
        *("ChangeList", "DeleteList", "SaveFilter", "ChangeSavedFilter", "DeleteSavedFilter", "ChangeMatching"),
        *("And", "Or", "Not", "Compare", "Has", "Present", "Flag", "Mentions", "Span"),
        "OrderKey",
        *("Question", "TaskChanges", "UndoCommit", "RunBatch", "ByName", "ImportRequest"),
    }
    assert len({*REQUEST_NAMES.values()}) == len(REQUEST_NAMES)


def test_no_name_of_a_command_has_changed_in_the_history() -> None:
    assert {kind.name for kind in COMMANDS.values()} >= {
        *("create_task", "change_task", "complete_task", "skip_occurrence", "reopen_task", "start_task", "cancel_task"),
        *("delete_task", "restore_task", "move_task", "add_comment", "edit_comment", "delete_comment", "create_list"),
        *("change_list", "delete_list", "save_filter", "change_saved_filter", "delete_saved_filter"),
        *("change_matching", "undo_commit", "import_tasks", "run_batch"),
    }


def _parts(hint: Any) -> Iterator[type]:  # a type, or an alias of one
    """Yield the classes of ours that a value of this type can consist of; what has a wire form is one whole."""
    seen: set[object] = set()
    todo = [hint]
    while todo:
        part = todo.pop()
        if part in seen:
            continue
        seen.add(part)
        todo += get_args(part)
        if isinstance(part, type) and part.__module__.startswith("taskharbor."):
            yield part
            if dataclasses.is_dataclass(part) and not hasattr(part, "as_json"):
                todo += get_type_hints(part).values()


def _keyed_calls() -> Iterator[dict[str, Any]]:
    for method in (
        *get_overloads(UseCases.execute),
        UseCases.claim_next,
        UseCases.import_tasks,
        UseCases.undo_import,
    ):
        yield get_type_hints(method)


def test_whatever_an_answer_can_consist_of_has_a_name() -> None:
    calls = list(_keyed_calls())
    assert len(calls) == 12
    parts = {part for hints in calls for part in _parts(hints["return"])}
    assert parts - {TaskView, TaskharborError} <= {*ANSWER_NAMES}
    assert {BatchOutcome, CommentView, ImportReport, TaskView, UndoneRecord} <= parts


def test_every_error_of_the_core_has_a_name() -> None:
    def below(error: type[TaskharborError]) -> Iterator[type[TaskharborError]]:
        for each in error.__subclasses__():
            yield each
            yield from below(each)

    ours = {error for error in below(TaskharborError) if error.__module__.split(".")[1] in {"application", "domain"}}
    assert ours <= {*ANSWER_NAMES}


def test_whatever_a_request_can_consist_of_has_a_name() -> None:
    requests = {part for hints in _keyed_calls() for part in _parts(hints["command"])}
    nameless = (requests | {ImportRequest}) - {ImportTasks, *REQUEST_NAMES}
    assert {part for part in nameless if dataclasses.is_dataclass(part) and not hasattr(part, "as_json")} == set()


def test_whatever_can_be_executed_is_in_the_registry_and_nothing_else() -> None:
    executed = {part for hints in _keyed_calls() for part in (get_args(hints["command"]) or (hints["command"],))}
    in_directory = {kind.command for kind in COMMANDS.values() if kind.in_directory}
    assert executed | {FireReminder} == {*COMMANDS} - in_directory  # which nobody asks for
    hints = [get_type_hints(overload) for overload in get_overloads(AccessUseCases.execute)]
    assert {part for each in hints for part in (get_args(each["command"]) or (each["command"],))} == in_directory
    assert {*get_args(Command)} == {kind.command for kind in COMMANDS.values() if kind.wire is not None}


def test_a_module_that_only_exists_in_stored_text_is_not_needed() -> None:
    """Every type of an answer is there as soon as answers can be read, and nothing is imported by a name."""
    script = (
        "import taskharbor.application.idempotency.result_codec as codec, builtins, importlib\n"
        "def refuse(*_args, **_options): raise AssertionError('imported by a name')\n"
        "importlib.import_module = builtins.__import__ = refuse\n"
        "codec.answer_from({'application.task_that_is_gone:UndoneTask': {'task': 1, 'fields': ['title']}}, 1)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
