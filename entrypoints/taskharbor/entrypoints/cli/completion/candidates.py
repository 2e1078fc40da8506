"""Ids, lists and tags for a shell to complete: from where the command would be carried out, or nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from typer import Context

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.target.target import Options, opened, target_of

if TYPE_CHECKING:
    from taskharbor.domain.search.filter import Filter
    from taskharbor.entrypoints.embedded.harbor import Harbor

Candidates = list[tuple[str, str]]

AT_MOST: Final = 50
SECONDS: Final = 1.5
"""Who has pressed the key does not want to wait longer."""


def complete_task(ctx: Context, incomplete: str) -> Candidates:
    """Return ids of open tasks, with their titles."""

    async def found(harbor: "Harbor") -> Candidates:
        tasks = (await harbor.find_tasks(_open(), sort="-updated", limit=1000)).items
        return [(str(task.id), task.title) for task in tasks]

    return _candidates(ctx, incomplete, found)


def complete_list(ctx: Context, incomplete: str) -> Candidates:
    """Return names of lists."""

    async def found(harbor: "Harbor") -> Candidates:
        return [(each.name, str(each.id)) for each in (await harbor.list_lists(limit=1000)).items if not each.archived]

    return _candidates(ctx, incomplete, found)


def complete_tag(ctx: Context, incomplete: str) -> Candidates:
    """Return tags, the most used ones first."""

    async def found(harbor: "Harbor") -> Candidates:
        return [(tag, f"{count} tasks") for tag, count in (await harbor.count_facets(_open())).tags.items()]

    return _candidates(ctx, incomplete, found)


def _open() -> "Filter":
    from taskharbor.domain.search.fields import Field  # noqa: PLC0415  # only completion needs it here
    from taskharbor.domain.search.filter import Flag  # noqa: PLC0415

    return Flag(Field.IS_OPEN)


def _candidates(ctx: Context, incomplete: str, ask: "Callable[[Harbor], Awaitable[Candidates]]") -> Candidates:
    from taskharbor.entrypoints.cli.output.text import harmless  # noqa: PLC0415  # only completion needs it here

    given: dict[str, Any] = {
        name: ctx.params.get(name) for name in ("database_url", "server", "token", "context", "workspace")
    }

    async def act() -> Candidates:
        async with opened(target_of(Options(**given)), reads=True) as harbor, asyncio.timeout(SECONDS):
            return await ask(harbor)

    try:
        found = asyncio.run(act())
    except (CommandFailed, Exception):  # noqa: BLE001  # a shell has no place for errors
        return []
    begin = incomplete.casefold()
    return [(harmless(value), harmless(help)) for value, help in found if value.casefold().startswith(begin)][:AT_MOST]  # noqa: A001
