"""The formats by their names."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import Final

from taskharbor.application.ports.interchange import Format
from taskharbor.domain.errors import InvalidValue

_FORMATS: Final = {
    "icalendar": "icalendar.format.ICalendarFormat",
    "taskwarrior": "taskwarrior.format.TaskwarriorFormat",
    "todotxt": "todotxt.format.TodoTxtFormat",
    "jsonl": "json_lines.JsonLinesFormat",
    "csv": "csv_format.CsvFormat",
    "todoist": "apps.todoist.TodoistFormat",
    "ticktick": "apps.ticktick.TickTickFormat",
    "microsoft_todo": "apps.microsoft_todo.MicrosoftTodoFormat",
    "outlook": "apps.outlook.OutlookFormat",
    "google_tasks": "apps.google_tasks.GoogleTasksFormat",
    "super_productivity": "apps.super_productivity.SuperProductivityFormat",
    "trello": "apps.trello.TrelloFormat",
}
"""The class of each, which is imported when it is asked for: most servers are never asked for any."""

ALL_FORMAT_NAMES: Final = tuple(_FORMATS)
FORMAT_NAMES: Final = ("icalendar", "taskwarrior", "todotxt", "jsonl", "csv")
"""Those that are written."""

READ_FORMAT_NAMES: Final = tuple(name for name in _FORMATS if name != "csv")

_BY_SUFFIX: Final = {
    ".ics": "icalendar",
    ".ical": "icalendar",
    ".json": "taskwarrior",
    ".txt": "todotxt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".zip": "todoist",
}


def format_named(name: str, *, file_name: str | None = None) -> Format:
    """Return the format with this name, for a file that is called so.

    Raises:
        InvalidValue: for `format`, if there is none.
        ImportError: if it needs a library that is not installed; the message says which extra to install.
    """
    if name not in _FORMATS:
        raise InvalidValue("format", f"must be one of {', '.join(ALL_FORMAT_NAMES)}")
    module, _, class_name = _FORMATS[name].rpartition(".")
    try:
        found: Callable[..., Format] = getattr(import_module(f"{__package__}.{module}"), class_name)
    except ModuleNotFoundError as missing:
        raise ImportError(f"this format needs {missing.name}: pip install 'taskharbor[interchange]'") from missing
    return found(file_name) if name == "todoist" else found()


def format_of_file(path: PurePath) -> str | None:
    """Return the name of the format that a file's name suggests, or None."""
    return _BY_SUFFIX.get(path.suffix.lower())
