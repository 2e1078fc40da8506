"""What a unit of work tells the history: an entry for each task that it writes, and one for all of its records."""

from datetime import datetime
from typing import Final

from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.unit_of_work.history_writing import changes_between, changes_of_records
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.application.unit_of_work.task_repository import TaskRepository

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
        actor: who wants it, or None if nobody said.
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
