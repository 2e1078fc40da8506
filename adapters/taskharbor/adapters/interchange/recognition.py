"""Which format a file has, by what is in it, and by its name where that says too little."""

import csv
import re
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import PurePath
from typing import Final

from taskharbor.adapters.interchange.apps.table import MAX_PREAMBLE, text_of
from taskharbor.adapters.interchange.formats import format_of_file

HEAD: Final = 65_536
"""How many bytes are looked at."""

_IN_JSON: Final = (
    ("google_tasks", ("tasks#",)),
    ("super_productivity", ("timeSpentOnDay", "crossModelVersion", '"entities"')),
    ("microsoft_todo", ("wellknownListName", "@odata.", "isReminderOn", '"importance"', "todoTask")),
    ("trello", ('"idBoard"', '"idOrganization"', '"idList"', '"shortLink"', '"idChecklists"')),
    ("taskwarrior", ('"uuid"', '"entry"')),
)
_COLUMNS: Final = (
    ("todoist", {"type", "content"}),
    ("ticktick", {"title", "list name"}),
    ("outlook", {"subject", "due date"}),
    ("csv", {"id", "uid", "title"}),
)
_MARK: Final = re.compile(r"(?:x |\([A-Z]\) |[0-9]{4}-[0-9]{2}-[0-9]{2} )")
_WORDS: Final = re.compile(r"[+@][^ ]|(?:due|t|rec|pri|uid):[^ ]")


def format_in(head: bytes, file_name: str | None = None) -> str | None:
    """Return the name of the format of a file that begins so, or None if that is unclear."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "google_tasks" if b"/Tasks.json" in head else "todoist"
    text = text_of(head[:HEAD]).lstrip("\ufeff \t\r\n")
    found = _by_words(text)
    return found if found or not file_name else format_of_file(PurePath(file_name))


async def recognised(
    data: AsyncIterable[bytes], file_name: str | None = None
) -> tuple[str | None, AsyncIterator[bytes]]:
    """Return the name of the format of a file, or None if it is unclear, and the whole file again."""
    pieces = aiter(data)
    head = bytearray()
    async for piece in pieces:
        head += piece
        if len(head) >= HEAD:
            break
    return format_in(bytes(head), file_name), _again(bytes(head), pieces)


async def _again(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for piece in rest:
        yield piece


def _by_words(text: str) -> str | None:
    if text[:6].upper() == "BEGIN:":
        return "icalendar"
    if text.startswith(("{", "[")):
        for name, words in _IN_JSON:
            if any(word in text for word in words):
                return name
        return "jsonl" if text.startswith("{") and ('"title"' in text or '"kind"' in text) else None
    return _by_columns(text) or ("todotxt" if _is_todotxt(text) else None)


def _by_columns(text: str) -> str | None:
    for line in text.splitlines()[:MAX_PREAMBLE]:
        for delimiter in ",;\t":
            names = {name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])}
            for name, columns in _COLUMNS:
                if columns <= names:
                    return name
    return None


def _is_todotxt(text: str) -> bool:
    if "\0" in text or text.startswith("<"):
        return False
    lines = text.split("\n", MAX_PREAMBLE)[:MAX_PREAMBLE]
    return any(_MARK.match(line) or any(_WORDS.match(word) for word in line.split(" ")) for line in lines)
