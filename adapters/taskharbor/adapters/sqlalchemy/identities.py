"""Ids reserved in blocks, so that there is no hot sequence and no extra round trip per task."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from taskharbor.domain.identifiers import TaskId, WorkspaceId

FIRST_BLOCK: Final = 8
LARGEST_BLOCK: Final = 1024


@dataclass(slots=True)
class _Block:
    next: TaskId = 0
    end: TaskId = 0
    size: int = FIRST_BLOCK
    refill: asyncio.Lock = field(default_factory=asyncio.Lock)


class BlockIdentities:
    """Hands out ids from blocks that `reserve(workspace, size)` has reserved; it returns the first id of a block.

    Blocks double in size, so that a short script leaves a small gap and a busy server asks rarely.
    """

    def __init__(self, reserve: Callable[[WorkspaceId, int], Awaitable[TaskId]]) -> None:
        self._reserve = reserve
        self._blocks: defaultdict[WorkspaceId, _Block] = defaultdict(_Block)

    async def next(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of the workspace."""
        block = self._blocks[workspace]
        while block.next == block.end:
            async with block.refill:
                if block.next == block.end:  # nobody else has refilled it while we waited
                    first = await self._reserve(workspace, block.size)
                    block.next, block.end = first, first + block.size
                    block.size = min(2 * block.size, LARGEST_BLOCK)
        block.next += 1
        return block.next - 1
