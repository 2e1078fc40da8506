"""One task as a text in the user's editor."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks.showing import all_lists
from taskharbor.entrypoints.cli.tasks.values import list_from, time_from
from taskharbor.entrypoints.embedded.harbor import Harbor

_NAMES: Final = ("title", "progress", "due", "start", "priority", "estimate", "tags", "list")
_INTRODUCTION: Final = "# Change the values; what is after the first blank line is the description, in Markdown.\n"


async def edited_in_editor(harbor: Harbor, out: Output, task: TaskView) -> ChangeTask | None:
    """Return the change that the user makes in `$VISUAL`, `$EDITOR` or vi; None if there is none.

    Raises:
        CommandFailed: if the editor fails, or what it leaves cannot be read. Its text stays in a file, which is named.
    """
    names = {each.id: each.name for each in await all_lists(harbor)}
    before = _text_of(task, names[task.list])
    with tempfile.NamedTemporaryFile(
        "w", prefix=f"task-{task.id}-", suffix=".md", delete=False, encoding="utf-8"
    ) as file:
        file.write(before)
    path = Path(file.name)
    after = _edited(path)
    if after == before:
        path.unlink()
        return None
    try:
        fields = await _fields_of(_members_of(before), _members_of(after), harbor, out)
    except (CommandFailed, InvalidValue) as wrong:
        raise CommandFailed(f"{wrong}; your text is in {path}", exit_code=CommandFailed.USAGE) from None
    path.unlink()
    return ChangeTask(id=task.id, if_match=task.revision, **fields) if fields else None


def _text_of(task: TaskView, list_name: str) -> str:
    values = {
        "title": task.title,
        "progress": task.progress.value,
        "due": _time_text(task.due),
        "start": _time_text(task.start),
        "priority": str(task.priority or ""),
        "estimate": task.estimated_duration.as_json() if task.estimated_duration else "",
        "tags": ", ".join(task.tags),
        "list": list_name,
    }
    head = "".join(f"{name}: {value}".rstrip() + "\n" for name, value in values.items())
    return f"{_INTRODUCTION}{head}\n{task.description or ''}\n"


def _time_text(moment: CalendarTime | None) -> str:
    if moment is None:
        return ""
    return moment.local.replace("T", " ") + (f" {moment.time_zone}" if isinstance(moment, Zoned) else "")


def _edited(path: Path) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603  # what the user has set
    except (OSError, ValueError) as refusal:
        path.unlink()
        raise CommandFailed(f"cannot run the editor {editor}: {refusal}", exit_code=CommandFailed.SYSTEM) from None
    if done.returncode:
        path.unlink()
        reason = f"the editor {editor} ended with {done.returncode}: nothing was changed"
        raise CommandFailed(reason, exit_code=CommandFailed.SYSTEM)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CommandFailed(f"what the editor left in {path} is not UTF-8", exit_code=CommandFailed.USAGE) from None


def _members_of(text: str) -> dict[str, str]:
    lines = text.splitlines()
    while lines and lines[0].startswith("#"):
        del lines[0]
    members: dict[str, str] = {}
    for number, line in enumerate(lines):
        if not line.strip():
            members["description"] = "\n".join(lines[number + 1 :]).strip("\n")
            break
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in _NAMES:
            reason = f"{line[:40]!r} is not one of {', '.join(_NAMES)} with a colon"
            raise CommandFailed(reason, exit_code=CommandFailed.USAGE)
        members[name.strip()] = value.strip()
    return members


async def _fields_of(
    before: Mapping[str, str], after: Mapping[str, str], harbor: Harbor, out: Output
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in after.items():
        if value == before.get(name, ""):
            continue
        match name:
            case "due" | "start":
                fields[name] = _time_from(name, value, out)
            case "priority":
                fields[name] = _priority_from(value)
            case "progress":
                fields[name] = _progress_from(value)
            case "estimate":
                fields["estimated_duration"] = value or None
            case "tags":
                fields[name] = [tag.strip() for tag in value.split(",") if tag.strip()]
            case "list":
                fields[name] = await list_from(harbor, value)
            case "description":
                fields[name] = value or None
            case _:
                fields[name] = value
    return fields


def _time_from(name: str, value: str, out: Output) -> CalendarTime | None:
    local, _, zone = value.rpartition(" ")
    if "/" in zone or zone == "UTC":
        there = time_from(name, local, out)
        return None if there is None else Zoned(getattr(there, "wall", None) or _not_a_day(name), zone)
    return time_from(name, value, out) if value else None


def _not_a_day(name: str) -> Any:  # noqa: ANN401  # it never returns
    raise InvalidValue(name, "must have a time of the day, as it has a time zone")


def _priority_from(value: str) -> int:
    if not value.isascii() or not (value or "0").isdigit():
        raise InvalidValue("priority", "must be an integer from 0 to 9")
    return int(value or 0)


def _progress_from(value: str) -> Progress:
    if value not in {*Progress}:
        raise InvalidValue("progress", f"must be one of {', '.join(Progress)}")
    return Progress(value)
