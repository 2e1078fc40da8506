"""The formats by their names."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import Final

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
}

FORMAT_NAMES: Final = tuple(_FORMATS)
READ_FORMAT_NAMES: Final = tuple(name for name in _FORMATS if name != "csv")

_BY_SUFFIX: Final = {
    ".ics": "icalendar",
    ".ical": "icalendar",
    ".json": "taskwarrior",
    ".txt": "todotxt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
}


def format_named(name: str) -> Format:
    """Return the format with this name.

    Raises:
        InvalidValue: for `format`, if there is none.
        ImportError: if it needs a library that is not installed; the message says which extra to install.
    """
    if name not in _FORMATS:
        raise InvalidValue("format", f"must be one of {', '.join(FORMAT_NAMES)}")
    return _FORMATS[name]()


def format_of_file(path: PurePath) -> str | None:
    """Return the name of the format that a file's name suggests, or None."""
    return _BY_SUFFIX.get(path.suffix.lower())
