"""What a unit of work tells the history: an entry for each task that it writes, and one for all of its records."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from taskharbor.application.documents.field_codecs import text_of
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_document import Json
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.application.unit_of_work.task_repository import TaskRepository
from taskharbor.domain.tasks.fields import TASK_FIELDS
from taskharbor.domain.tasks.task import Task


def recorded_state(task: Task) -> Json:
    """Return all of a task that a change can change, and that the history keeps, in the wire form."""
    members = [f'"{name}":{text_of(getattr(task, name))}' for name, text_of in _RECORDED.items()]
    state: Json = json.loads(_object(members))
    return state


def changes_between(before: Task | None, after: Task) -> str:
    """Return as JSON text what makes `after` of `before`; of a new task, whatever it does not lack."""
    if before is None:
        return _object(
            [
                f'"{name}":[null,{text_of(value)}]'
                for name, text_of in _RECORDED.items()
                if (value := getattr(after, name))
            ]
        )
    return _object(
        [
            f'"{name}":[{text_of(then)},{text_of(now)}]'
            for name, text_of in _RECORDED.items()
            if (then := getattr(before, name)) is not (now := getattr(after, name)) and then != now
        ]
    )


def changes_of_records(documents: Mapping[RecordKey, tuple[str | None, str | None]]) -> str:
    """Return as JSON text what became of records: their documents before and after."""
    return json_text({f"{found_by.kind} {found_by.key}": both for found_by, both in documents.items()})


def _object(members: list[str]) -> str:
    return "{" + ",".join(members) + "}"


_RECORDED: Final[Mapping[str, Callable[[Any], str]]] = {
    field.name: text_of(field) for field in TASK_FIELDS if field.is_recorded
}
"""The fields that the history tells of, each with what makes text of it: the same that the document says."""


SEVERAL_COMMANDS: Final = "run_batch"
"""What the history says of a commit's records if several commands wrote them: they have one entry together."""


def entries_of(
    tasks: TaskRepository, records: RecordRepository, *, at: datetime, actor: str | None
) -> tuple[HistoryEntry, ...]:
    """Return the entries. That a parent counts its subtasks anew is told, too: else the past could not be told exactly.

    Args:
        tasks: the tasks of the unit of work.
        records: its records.
        at: when it happens.
        actor: who makes the change, or None if not given.
    """
    told = [
        HistoryEntry(
            task_id=task.id,
            previous=task.revision,
            at=at,
            command=tasks.command_of(task.id),
            actor=actor,
            changes=changes_between(tasks.as_read(task.id), task),
        )
        for task in (*tasks.added, *tasks.changed)
    ]
    return (*told, *_entry_of_records(records, at, actor))


def _entry_of_records(records: RecordRepository, at: datetime, actor: str | None) -> list[HistoryEntry]:
    told = records.told
    if not told:
        return []
    commands = sorted(records.told_commands)
    return [
        HistoryEntry(
            task_id=OF_RECORDS,
            previous=0,
            at=at,
            command=commands[0] if len(commands) == 1 else SEVERAL_COMMANDS,
            actor=actor,
            changes=changes_of_records(told),
        )
    ]
