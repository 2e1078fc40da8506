"""Ids reserved in blocks, so that there is no hot sequence and no extra round trip per task."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Executable, String, Update, bindparam, literal_column, update

from taskharbor.adapters.sqlalchemy.tables import workspaces
from taskharbor.application.store_turn import StoreTurn
from taskharbor.domain.identifiers import TaskId, WorkspaceId

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite  # each store loads its own

FIRST_BLOCK: Final = 8
LARGEST_BLOCK: Final = 1024


@dataclass(slots=True)
class _Block:
    next: TaskId = 0
    end: TaskId = 0
    size: int = FIRST_BLOCK
    must_follow: TaskId = 0
    refill: StoreTurn = field(default_factory=StoreTurn)


class IdBlocks:
    """Hands out ids from blocks that `reserve(workspace, size)` has reserved; it returns the first id of a block.

    Blocks double in size, so that a short script leaves a small gap and a busy server asks rarely.
    """

    def __init__(self, reserve: Callable[[WorkspaceId, int], Awaitable[TaskId]]) -> None:
        self._reserve = reserve
        self._blocks: defaultdict[WorkspaceId, _Block] = defaultdict(_Block)
        self._stores = 0

    async def next(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of the workspace.

        Raises:
            StoreUnavailable: if no block can be reserved; all that wait for the same one find out together.
        """
        block = self._blocks[workspace]
        while block.next == block.end:
            async with block.refill.taken():
                if block.next == block.end:  # it was not refilled while we waited
                    await self._refill(workspace, block)
        block.next += 1
        return block.next - 1

    async def _refill(self, workspace: WorkspaceId, block: _Block) -> None:
        store = self._stores
        first = await self._reserve(workspace, block.size)
        if first < block.must_follow:
            left_out = max(block.must_follow - first - block.size, 0)
            first = left_out + await self._reserve(workspace, block.size + left_out)
        if store != self._stores:  # it is not known whose ids these are
            block.must_follow = max(block.must_follow, first + block.size)
            return
        block.next, block.end = first, first + block.size
        block.size = min(2 * block.size, LARGEST_BLOCK)

    def begin_anew(self) -> None:
        """Leave the blocks: the store was put back to where it may not know them. No id is handed out again.

        May be called in any thread.
        """
        self._stores += 1
        for block in list(self._blocks.values()):
            block.must_follow = max(block.must_follow, block.end)
            block.next = block.end

    def take_unused(self) -> list[tuple[WorkspaceId, TaskId, TaskId]]:
        """Forget the blocks; return the workspace, the first unused id and the end of each.

        If no other block was reserved since, that end is where the workspace's next block would begin, and can be put
        back: a script that makes one task a day shall not count 1, 9, 17.
        """
        unused = [(workspace, block.next, block.end) for workspace, block in self._blocks.items()]
        self._blocks.clear()
        return [(workspace, first, end) for workspace, first, end in unused if first < end]


_WORKSPACE = bindparam("workspace", type_=String)
_SIZE = bindparam("size", type_=BigInteger)


def reserve_block(insert: "type[postgresql.Insert | sqlite.Insert]") -> Executable:
    """Return the statement that reserves `size` ids of `workspace`, new or known, and answers the first of them."""
    new: Any = insert(workspaces)
    return (  # type: ignore[no-any-return]  # the two dialects' inserts share these methods, but no type
        new.values(id=_WORKSPACE, revision=literal_column("0"), next_task_id=_SIZE + literal_column("1"))
        .on_conflict_do_update(index_elements=["id"], set_={"next_task_id": workspaces.c.next_task_id + _SIZE})
        .returning(workspaces.c.next_task_id - _SIZE)
    )


def put_back() -> Update:
    """Return the statement that makes `unused` the next id of `of_workspace`, if that still is `block_end`."""
    return (
        update(workspaces)
        .where(
            workspaces.c.id == bindparam("of_workspace", type_=String),
            workspaces.c.next_task_id == bindparam("block_end", type_=BigInteger),
        )
        .values(next_task_id=bindparam("unused", type_=BigInteger))
    )
