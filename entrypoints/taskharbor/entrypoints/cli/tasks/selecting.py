"""Which tasks are meant: by ids, by unique beginnings of uids, from standard input, by a filter."""

import asyncio
import re
import sys
from collections.abc import Sequence
from typing import Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.embedded.harbor import Harbor

STANDARD: Final = "-"
AT_ONCE: Final = 1_000
"""How many tasks one command changes at most, in one commit."""

_ID: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_BEGINNING: Final = re.compile(r"[0-9a-f][0-9a-f-]{3,35}", re.ASCII)
_SHOWN: Final = 5
_WHOLE_UID: Final = 36
_LOWEST: Final = "00000000-0000-0000-0000-000000000000"
_HIGHEST: Final = _LOWEST.replace("0", "f")
_PAGE: Final = 1_000
_PIECE: Final = 1_000_000


async def selected(
    harbor: Harbor, words: Sequence[str], filter: str | None = None, *, time_zone: str | None = None
) -> list[TaskView]:
    """Return the live tasks that words and a filter mean, each once, in the order in which they are named.

    Raises:
        CommandFailed: if nothing is named, a word means no task or several, or there are too many.
    """
    ids = await _ids_of(harbor, words_of(words))
    tasks = list(await asyncio.gather(*(harbor.get_task(each) for each in dict.fromkeys(ids))))
    if filter is not None:
        tasks += await _matching(harbor, filter, time_zone)
    if not tasks and not (words or filter):
        raise CommandFailed("name tasks by id or uid, - for standard input, or --filter", exit_code=CommandFailed.USAGE)
    found = list({task.id: task for task in tasks}.values())
    if len(found) > AT_ONCE:
        raise CommandFailed(f"at most {AT_ONCE} tasks can be changed at once", exit_code=CommandFailed.USAGE)
    return found


async def selected_deleted(harbor: Harbor, words: Sequence[str]) -> list[TaskId]:
    """Return the ids of the tasks that words mean, where beginnings of uids are those of deleted tasks.

    Raises:
        CommandFailed: if a word means no task or several.
    """
    given = words_of(words)
    uids: dict[TaskId, str] = {}
    titles: dict[TaskId, str] = {}
    if not all(_ID.fullmatch(word) for word in given):
        before: DeletedPosition | None = None
        while True:
            page = await harbor.list_trash(before=before, limit=_PAGE)
            uids |= {each.task.id: str(each.task.uid) for each in page.items}
            titles |= {each.task.id: each.task.title for each in page.items}
            before = page.next_before
            if before is None:
                break
    return list(dict.fromkeys(_one_of(word, uids, titles) for word in given))


async def one(harbor: Harbor, word: str) -> TaskView:
    """Return the one task that a word means.

    Raises:
        CommandFailed: if it means none, or several.
    """
    (task_id,) = await _ids_of(harbor, [word])
    return await harbor.get_task(task_id)


def lines_of_standard_input() -> list[str]:
    """Return the lines of standard input that are not blank.

    Raises:
        CommandFailed: if what comes is not UTF-8, or too long.
    """
    return [line.strip() for line in _standard_input().splitlines() if line.strip()]


def words_of(words: Sequence[str]) -> list[str]:
    """Return the words, those of standard input in place of `-`.

    Raises:
        CommandFailed: if what comes is not UTF-8, or too long.
    """
    found: list[str] = []
    for word in words:
        found += _standard_input().split() if word == STANDARD else [word]
    return found


def _standard_input() -> str:
    data = sys.stdin.buffer.read(_PIECE + 1)
    if len(data) > _PIECE:
        raise CommandFailed("standard input has more than a million bytes", exit_code=CommandFailed.USAGE)
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        reason = f"standard input is not UTF-8: byte {wrong.start + 1} is {data[wrong.start]:#04x}"
        raise CommandFailed(reason, exit_code=CommandFailed.USAGE) from None


async def _matching(harbor: Harbor, filter: str, time_zone: str | None) -> list[TaskView]:
    found = await harbor.find_tasks(filter, limit=AT_ONCE, time_zone=time_zone)
    if found.next_cursor is not None:
        raise CommandFailed(f"more than {AT_ONCE} tasks match --filter", exit_code=CommandFailed.USAGE)
    return list(found.items)


async def _ids_of(harbor: Harbor, words: Sequence[str]) -> list[TaskId]:
    beginnings = {word: _checked(word) for word in words if not _ID.fullmatch(word)}
    found = {word: await _id_of_uid(harbor, word, beginning) for word, beginning in beginnings.items()}
    return [found[word] if word in found else int(word) for word in words]


async def _id_of_uid(harbor: Harbor, word: str, beginning: str) -> TaskId:
    if any((letter == "-") != (lowest == "-") for letter, lowest in zip(beginning, _LOWEST, strict=False)):
        return _only_one(word, {}, 0)
    uids = And(
        (
            Compare(Field.UID, Operator.AT_LEAST, beginning + _LOWEST[len(beginning) :]),
            Compare(Field.UID, Operator.AT_MOST, beginning + _HIGHEST[len(beginning) :]),
        )
    )
    tasks = (await harbor.find_tasks(uids, limit=_SHOWN + 1)).items
    titles = {task.id: task.title for task in tasks}
    count = len(tasks) if len(tasks) <= _SHOWN else await harbor.count_tasks(uids)
    return _only_one(word, titles, count)


def _one_of(word: str, uids: dict[TaskId, str], titles: dict[TaskId, str]) -> TaskId:
    if _ID.fullmatch(word):
        return int(word)
    beginning = _checked(word)
    found = {task_id: titles[task_id] for task_id, uid in uids.items() if uid.startswith(beginning)}
    return _only_one(word, found, len(found))


def _only_one(word: str, titles: dict[TaskId, str], count: int) -> TaskId:
    """Return the id of the only task that is found for a beginning of a uid.

    Raises:
        CommandFailed: if there is none, or there are several; then it names the first ones.
    """
    if not count:
        raise CommandFailed(f"no uid begins with {word}", exit_code=CommandFailed.NOT_FOUND)
    if count > 1:
        named = ", ".join(f"{each} ({title})" for each, title in list(titles.items())[:_SHOWN])
        more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
        reason = f"{count} uids begin with {word}, those of tasks {named}{more}: give more of it"
        raise CommandFailed(reason, exit_code=CommandFailed.NOT_FOUND)
    [found] = titles
    return found


def _checked(word: str) -> str:
    beginning = word.lower()
    if not _BEGINNING.fullmatch(beginning):
        shown = word if len(word) <= _WHOLE_UID else f"{word[:_WHOLE_UID]}..."
        reason = f"{shown} is neither the id of a task nor the first 4 or more characters of a uid"
        raise CommandFailed(reason, exit_code=CommandFailed.USAGE)
    return beginning
