"""What a unit of work writes to the history: an entry for each task that it writes, and one for all of its records."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from taskharbor.application.documents.field_codecs import text_of
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_document import PLACES, Json, Texts, document_from, texts_of
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.turns import mapped
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.application.unit_of_work.task_writes import TaskWrites
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.fields import TASK_FIELDS
from taskharbor.domain.tasks.task import Task


def recorded_state(task: Task) -> Json:
    """Return all of a task that a change can change, and that the history keeps, in the wire form."""
    members = [f'"{field.name}":{text_of(field)(getattr(task, field.name))}' for field in _FIELDS]
    state: Json = json.loads("{" + ",".join(members) + "}")
    return state


def changes_between(before: Task | None, after: Task, texts: Texts | None = None) -> str:
    """Return as JSON text what makes `after` of `before`; of a new task, whatever it does not lack.

    `texts` are those of `after`, if they have been made already.
    """
    texts = texts_of(after) if texts is None else texts
    members = _added(after, texts) if before is None else _changed(before, after, texts)
    return f"{{{members[:-1]}}}"


def changes_of_records(documents: Mapping[RecordKey, tuple[str | None, str | None]]) -> str:
    """Return as JSON text what became of records: their documents before and after."""
    return json_text({f"{found_by.kind} {found_by.key}": both for found_by, both in documents.items()})


_FIELDS: Final = tuple(field for field in TASK_FIELDS if field.is_recorded)
"""The fields that the history records."""


def _writer(arguments: str, *, earlier: str, condition: str) -> Callable[..., str]:
    """Return a function that writes the changes of a task, a comma behind each of them.

    It is compiled, as in `task_document`: a loop over all fields takes four times as long.

    Args:
        arguments: those of the function.
        earlier: what a field was before, as a part of an f-string.
        condition: whether it is another one now. In both `NAME` stands for the name of the field.
    """
    names: dict[str, Any] = {}
    members: list[str] = []
    for field in _FIELDS:
        names[f"text_of_{field.name}"] = text_of(field)
        place = PLACES.get(field.name)
        now = "text_of_NAME(after.NAME)" if place is None else f"texts[{place}]"
        member = f"f'\"NAME\":[{earlier},{{{now}}}],' if {condition} else ''"
        members.append(member.replace("NAME", field.name))
    exec(f"def write({arguments}): return ''.join(({','.join(members)},))", names)  # noqa: S102  # names of fields
    write: Callable[..., str] = names["write"]
    return write


_added: Final = _writer("after, texts", earlier="null", condition="after.NAME")
_changed: Final = _writer(
    "before, after, texts",
    earlier="{text_of_NAME(before.NAME)}",
    condition="before.NAME is not after.NAME and before.NAME != after.NAME",
)


SEVERAL_COMMANDS: Final = "run_batch"
"""What the history says of a commit's records if several commands wrote them: they have one entry together."""


class Encoded(NamedTuple):
    """Written tasks as text, for readers and for the history: their values are encoded once for both."""

    documents: dict[TaskId, str]
    entries: list[HistoryEntry]


async def encoded_tasks(writes: TaskWrites, *, at: datetime, actor: str | None) -> Encoded:
    """Return the document of each task that is written, and its entry.

    A parent's new subtask counts are recorded, too: otherwise past states would be inexact.

    Args:
        writes: the tasks.
        at: when it happens.
        actor: who makes the change, or None if not given.
    """
    documents: dict[TaskId, str] = {}

    def encode(task: Task) -> HistoryEntry:
        texts = texts_of(task)
        documents[task.id] = document_from(texts)
        return HistoryEntry(
            task_id=task.id,
            previous=task.revision,
            at=at,
            command=writes.commands.get(task.id, writes.command),
            actor=actor,
            changes=changes_between(writes.before.get(task.id), task, texts),
        )

    written = (*writes.added, *writes.changed)
    return Encoded(documents, [encode(written[0])] if len(written) == 1 else await mapped(encode, written))


def entries_of_records(records: RecordRepository, *, at: datetime, actor: str | None) -> list[HistoryEntry]:
    """Return one entry for all records that are written, or none."""
    recorded = records.recorded
    if not recorded:
        return []
    commands = sorted(records.recorded_commands)
    return [
        HistoryEntry(
            task_id=OF_RECORDS,
            previous=0,
            at=at,
            command=commands[0] if len(commands) == 1 else SEVERAL_COMMANDS,
            actor=actor,
            changes=changes_of_records(recorded),
        )
    ]
