"""What a line of todo.txt says."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pytodotxt import Task as TodoTxtTask

from taskharbor.domain.errors import InvalidValue

_KEY_VALUE: Final = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9_-]*):(?P<value>[^\s:/]\S*|/[^/\s]\S*|:\S+)")
"""Neither a time of day such as 10:30 nor a URL."""

_NO_KEYS: Final = frozenset({"http", "https", "mailto", "ssh", "ftp", "tel", "file", "urn", "xmpp", "geo", "message"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoTxtLine:
    """A line, taken apart.

    Attributes:
        text: its words that are no project, context or key:value.
        words: all words, in order.
        values: the values of each key, in order.
        priority: a capital letter, or None; of a completed task what `pri:` says.
    """

    is_completed: bool
    priority: str | None
    completed: date | None
    created: date | None
    text: str
    words: tuple[str, ...]
    projects: tuple[str, ...]
    contexts: tuple[str, ...]
    values: dict[str, list[str]]


def line_from(text: str) -> TodoTxtLine:
    """Return what a line says.

    Raises:
        InvalidValue: for `date`, if one does not exist.
    """
    try:
        task = TodoTxtTask(text)
    except ValueError as error:
        raise InvalidValue("date", f"does not exist: {error}") from None
    words = tuple((task.description or "").split())
    values: dict[str, list[str]] = {}
    plain: list[str] = []
    projects, contexts = task.projects, task.contexts
    for word in words:
        key = _KEY_VALUE.fullmatch(word)
        if key and key["key"].lower() not in _NO_KEYS:
            values.setdefault(key["key"], []).append(key["value"])
        elif not ((word[0] == "+" and word[1:] in projects) or (word[0] == "@" and word[1:] in contexts)):
            plain.append(word)
    return TodoTxtLine(
        is_completed=bool(task.is_completed),
        priority=task.priority or next((value for value in values.get("pri", []) if _LETTER.fullmatch(value)), None),
        completed=task.completion_date,
        created=task.creation_date,
        text=" ".join(plain),
        words=words,
        projects=tuple(dict.fromkeys(projects)),
        contexts=tuple(dict.fromkeys(contexts)),
        values=values,
    )


_LETTER: Final = re.compile("[A-Z]")
