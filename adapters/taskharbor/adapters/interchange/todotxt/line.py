"""What a line of todo.txt says, by the rules of https://github.com/todotxt/todo.txt.

A line is taken apart word by word, so that its cost grows with its length and no faster.
"""

import re
from datetime import date
from typing import Final

from taskharbor.domain.frozen import frozen

UNDERSTOOD: Final = frozenset({"due", "t", "uid", "pri", "rec"})

_PRIORITY: Final = re.compile(r"\(([A-Z])\)")
_LETTER: Final = re.compile("[A-Z]")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEY: Final = re.compile(r"[^\W\d_][\w-]*")
"""Not that of a time of day such as 10:30."""

_NO_KEYS: Final = frozenset({"http", "https", "mailto", "ssh", "ftp", "tel", "file", "urn", "xmpp", "geo", "message"})


@frozen(kw_only=True)
class TodoTxtLine:
    """A line, taken apart.

    Attributes:
        is_completed: whether it begins with an x.
        priority: a capital letter, or None; of a completed task what `pri:` says.
        completed: the date of completion, or None.
        created: the date of creation, or None.
        no_date: what stands where a date can, and is none, though it looks like one: a part of the text.
        text: its words that are no project, context or key:value.
        words: all words after the dates, in order.
        projects: without the plus, in order.
        contexts: without the at sign, in order.
        values: the values of each key, in order.
    """

    is_completed: bool
    priority: str | None
    completed: date | None
    created: date | None
    no_date: str | None
    text: str
    words: tuple[str, ...]
    projects: tuple[str, ...]
    contexts: tuple[str, ...]
    values: dict[str, list[str]]


def line_from(text: str) -> TodoTxtLine:
    """Return what a line says."""
    words = text.split()
    is_completed = len(words) > 1 and text.startswith("x ")
    at = 1 if is_completed else 0
    # What a line begins with stands at its very beginning, and has a space after it.
    is_marked = bool(words) and text.startswith(f"{words[0]} ")
    priority, at = _priority(words, at) if is_marked else (None, at)
    dates: list[date] = []
    no_date: str | None = None
    for _ in range((2 if is_completed else 1) if is_marked else 0):
        if at + 1 < len(words) and _DATE.fullmatch(words[at]):  # a line of nothing but a date has it as its text
            day = _day(words[at])
            if day is None:
                no_date = words[at]
                break
            dates.append(day)
            at += 1
        if is_completed and priority is None:  # as pytodotxt has it, between the dates
            priority, at = _priority(words, at)
    values: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {"+": [], "@": [], "": []}
    for word in words[at:]:
        key, _, value = word.partition(":")
        if is_key_value(key, value):
            values.setdefault(key, []).append(value)
        elif word[0] in "+@" and len(word) > 1:
            parts[word[0]].append(word[1:])
        else:
            parts[""].append(word)
    completed, created = (dates[0] if dates else None, dates[1] if len(dates) > 1 else None)
    return TodoTxtLine(
        is_completed=is_completed,
        priority=priority or next((value for value in values.get("pri", []) if _LETTER.fullmatch(value)), None),
        completed=completed if is_completed else None,
        created=created if is_completed else completed,
        no_date=no_date,
        text=" ".join(parts[""]),
        words=tuple(words[at:]),
        projects=tuple(dict.fromkeys(parts["+"])),
        contexts=tuple(dict.fromkeys(parts["@"])),
        values=values,
    )


def is_key_value(key: str, value: str) -> bool:
    """Return whether `key:value` is one: only one colon, but in what is understood, and no URL."""
    is_pair = bool(value) and _KEY.fullmatch(key) is not None and not value.startswith("//")
    return is_pair and key.lower() not in _NO_KEYS and (":" not in value or key in UNDERSTOOD)


def _priority(words: list[str], at: int) -> tuple[str | None, int]:
    """Return a priority, which something follows, and where the line goes on."""
    found = _PRIORITY.fullmatch(words[at]) if at + 1 < len(words) else None
    return (found[1], at + 1) if found else (None, at)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
