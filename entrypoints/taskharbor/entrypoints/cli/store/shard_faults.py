"""What is wrong with workspaces over several servers of PostgreSQL."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import TypeAlias

from taskharbor.adapters.sqlalchemy.schema import check
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.shards.shard_records import HOME, MOVES, SHARD, entry_from, moving_by
from taskharbor.domain.errors import counted
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.entrypoints.composition import storage_on
from taskharbor.entrypoints.settings.settings import Settings

_AT_ONCE = 1_000

_Found: TypeAlias = tuple[str, str, bool]
"""What is wrong, what to do, and whether it keeps the service from working."""


async def faults_of_shards(home: str, settings: Settings) -> AsyncIterator[_Found]:
    """Yield what is wrong: of each shard, of their names, and of the directory."""
    shards = settings.shard_urls()
    all_answer = True
    for name, url in shards.items():
        try:
            await check(url)
        except StoreNotReady as refusal:
            all_answer = False
            yield f"shard {name}: {refusal}", "`taskharbor db upgrade`, after a backup", True
        except StoreUnavailable as refusal:
            all_answer = False
            yield f"shard {name}: {refusal}", "start the database, or correct TASKHARBOR_SHARDS", True
    if not all_answer:
        return
    storage = storage_on(home, settings.storage_options(), shards=shards)
    try:
        async with storage:
            unknown: Counter[str] = Counter()
            after = ""
            while found := await storage.list_records(SERVICE_WORKSPACE, SHARD, after=after, limit=_AT_ONCE):
                unknown.update(
                    name for name in (entry_from(record).shard for record in found) if name not in {HOME, *shards}
                )
                after = found[-1].key
            moving = moving_by((await storage.load_records(SERVICE_WORKSPACE, [MOVES])).get(MOVES))
    except (StoreNotReady, StoreUnavailable) as refusal:
        yield str(refusal), "correct TASKHARBOR_DATABASE_URL or TASKHARBOR_SHARDS", True
        return
    for name, number in sorted(unknown.items()):
        workspaces = counted(number, "workspace")
        yield (
            f"the shard {name}, which has {workspaces}, is not among those named",
            "name it in TASKHARBOR_SHARDS",
            True,
        )
    for workspace in sorted(moving):
        yield (
            f"workspace {workspace} is being moved, or its move was broken off",
            f"if none runs: `taskharbor workspace move {workspace} --to SHARD`, to where it is to be",
            False,
        )
