"""Pages that are asked for at the same moment are read together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from taskharbor.adapters.sqlalchemy.reads.coalescing import fail_all
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.domain.identifiers import TaskId, WorkspaceId

Place: TypeAlias = tuple[TaskId, int]
"""After which id a page comes, and how many tasks it passes over."""

_Asked: TypeAlias = list[tuple[Place, list[asyncio.Future[TaskPage]]]]

FARTHEST_SKIP: Final = 1_000
"""A page that passes over more tasks is read alone: others would wait for it."""


class PageLoader:
    """Collects the pages that are asked for in one turn of the event loop, and reads those of one size together.

    A statement costs both sides more than ten tasks that it reads. Whoever asks for the same page shares it. No call
    waits for this: a single one is read at once. None gets a page that was read before it asked.

    Args:
        read: reads pages of one workspace and size.
        most: how many pages of a size may be read together.
    """

    def __init__(
        self,
        read: Callable[[WorkspaceId, Sequence[Place], int], Awaitable[Sequence[TaskPage]]],
        *,
        most: Callable[[int], int],
    ) -> None:
        self._read = read
        self._most = most
        self._asked: dict[tuple[WorkspaceId, int, Place], list[asyncio.Future[TaskPage]]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def get(self, workspace: WorkspaceId, place: Place, limit: int) -> TaskPage:
        """Return a page, or raise what reading it raises."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._begin, loop)
        page: asyncio.Future[TaskPage] = loop.create_future()
        self._asked.setdefault((workspace, limit, place), []).append(page)
        return await page

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, {}
        together: dict[tuple[WorkspaceId, int], _Asked] = {}
        for (workspace, limit, place), answers in asked.items():
            if place[1] > FARTHEST_SKIP:
                self._begin_read(loop, workspace, limit, [(place, answers)])
            else:
                together.setdefault((workspace, limit), []).append((place, answers))
        for (workspace, limit), pages in together.items():
            most = self._most(limit)
            for first in range(0, len(pages), most):
                self._begin_read(loop, workspace, limit, pages[first : first + most])

    def _begin_read(self, loop: asyncio.AbstractEventLoop, workspace: WorkspaceId, limit: int, asked: _Asked) -> None:
        reading = loop.create_task(self._read_together(workspace, limit, asked))
        self._reading.add(reading)  # keeps a reference to it
        reading.add_done_callback(self._reading.discard)

    async def _read_together(self, workspace: WorkspaceId, limit: int, asked: _Asked) -> None:
        try:
            pages = await self._read(workspace, [place for place, _ in asked], limit)
        except asyncio.CancelledError:
            _fail(asked, StoreUnavailable("it is shutting down"))
            raise
        except Exception as error:  # noqa: BLE001  # it belongs to those who await the pages
            _fail(asked, error)
        else:
            for (_, answers), page in zip(asked, pages, strict=True):
                for answer in answers:
                    if not answer.done():
                        answer.set_result(page)


def _fail(asked: _Asked, error: Exception) -> None:
    for _, answers in asked:
        fail_all(answers, error)
