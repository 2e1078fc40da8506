"""The formats by their names."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import Final

from taskharbor.adapters.interchange.apps.google_tasks import GoogleTasksFormat
from taskharbor.adapters.interchange.apps.microsoft_todo import MicrosoftTodoFormat
from taskharbor.adapters.interchange.apps.outlook import OutlookFormat
from taskharbor.adapters.interchange.apps.super_productivity import SuperProductivityFormat
from taskharbor.adapters.interchange.apps.ticktick import TickTickFormat
from taskharbor.adapters.interchange.apps.todoist import TodoistFormat
from taskharbor.adapters.interchange.apps.trello import TrelloFormat
from taskharbor.adapters.interchange.csv_format import CsvFormat
from taskharbor.adapters.interchange.json_lines import JsonLinesFormat
from taskharbor.adapters.interchange.taskwarrior.format import TaskwarriorFormat
from taskharbor.adapters.interchange.todotxt.format import TodoTxtFormat
from taskharbor.application.ports.interchange import Format
from taskharbor.domain.errors import InvalidValue


def _icalendar() -> Format:
    return _from_library("taskharbor.adapters.interchange.icalendar.format", "ICalendarFormat")


def _from_library(module: str, name: str) -> Format:
    try:
        found: Callable[[], Format] = getattr(import_module(module), name)
    except ModuleNotFoundError as missing:
        raise ImportError(f"this format needs {missing.name}: pip install 'taskharbor[interchange]'") from missing
    return found()


_FORMATS: Final[dict[str, Callable[[], Format]]] = {
    "icalendar": _icalendar,
    "taskwarrior": TaskwarriorFormat,
    "todotxt": TodoTxtFormat,
    "jsonl": JsonLinesFormat,
    "csv": CsvFormat,
    "todoist": TodoistFormat,
    "ticktick": TickTickFormat,
    "microsoft_todo": MicrosoftTodoFormat,
    "outlook": OutlookFormat,
    "google_tasks": GoogleTasksFormat,
    "super_productivity": SuperProductivityFormat,
    "trello": TrelloFormat,
}

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
    return TodoistFormat(file_name) if name == "todoist" else _FORMATS[name]()


def format_of_file(path: PurePath) -> str | None:
    """Return the name of the format that a file's name suggests, or None."""
    return _BY_SUFFIX.get(path.suffix.lower())
