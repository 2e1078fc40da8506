"""Three stores in memory, and the processes that use them."""

import asyncio
import json

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.ports import Changeset
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.shards.shard_records import SHARD
from taskharbor.application.shards.sharded_storage import ShardedStorage
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.verification.verify import Checked, verify
from taskharbor.domain.identifiers import SERVICE_WORKSPACE

W = "default"
LEASE = 0.01


class Lasting(InMemoryStorage):
    """Outlives the processes that use it."""

    async def aclose(self) -> None:
        pass


class LastingAndSlow(Lasting):
    """Refuses no commit at once."""

    async def commit(self, changes: Changeset) -> int:
        await asyncio.sleep(0)
        return await super().commit(changes)


class Cluster:
    """Three stores, and the processes that use them."""

    def __init__(self, kind: type[Lasting] = Lasting) -> None:
        self.home, self.north, self.south = kind(), kind(), kind()

    def process(self, *, patience: float = 5.0, lease: float = LEASE) -> ShardedStorage:
        return ShardedStorage(self.home, {"north": self.north, "south": self.south}, patience=patience, lease=lease)

    def stale_process(self) -> ShardedStorage:
        """Return a process that does not look whether a workspace is moved."""
        return self.process(lease=3600)

    async def place(self) -> str:
        """Return the shard that the directory names."""
        record = (await self.home.load_records(SERVICE_WORKSPACE, [RecordKey(SHARD, W)]))[RecordKey(SHARD, W)]
        return json.loads(record.document or "")["shard"]

    def store(self, name: str) -> InMemoryStorage:
        return {"home": self.home, "north": self.north, "south": self.south}[name]

    async def other(self) -> str:
        return "south" if await self.place() == "north" else "north"


def use_cases(storage: Storage) -> UseCases:
    return UseCases(storage, clock=SystemClock(), uids=Uuid7Uids())


async def ids(here: UseCases, workspace: str = W) -> list[int]:
    return [view.id for view in (await here.list_tasks(ListTasks(limit=1000), workspace=workspace)).items]


async def faults(storage: ShardedStorage) -> list[object]:
    return [fault async for fault in verify(storage, Checked())]
