"""What `taskharbor doctor` looks for in replicas."""

from collections.abc import AsyncIterator
from typing import Final

from taskharbor.adapters.storage_url import urls_of_hosts
from taskharbor.application.errors import StoreUnavailable

_LATE_SECONDS: Final = 10

_HOW_FAR: Final = """
    SELECT pg_is_in_recovery(),
        EXISTS (SELECT FROM pg_stat_wal_receiver),
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float8 END
"""


async def faults_of_replicas(url: str) -> AsyncIterator[tuple[str, str]]:
    """Yield for each replica at `url` what is wrong with it, and what to do. Without them the primary does all."""
    from taskharbor.adapters.sqlalchemy.postgres.errors import translated  # noqa: PLC0415  # its driver may be missing
    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers  # noqa: PLC0415

    for number, one in enumerate(urls_of_hosts(url), start=1):
        name = f"replica {number}"
        try:
            with translated():
                connection = await Servers.at(one).connect_once()
                try:
                    [(is_copy, receives, late)] = await connection.fetch(_HOW_FAR)
                finally:
                    await connection.close()
        except StoreUnavailable as refusal:
            yield f"{name} is away: {refusal}", "start it, or correct TASKHARBOR_REPLICA_URL"
            continue
        if not is_copy:
            yield f"{name} is no replica: it takes writes", "name standbys in TASKHARBOR_REPLICA_URL"
        elif not receives:
            yield f"{name} receives nothing from a primary", "look at its primary_conninfo and its log"
        elif late > _LATE_SECONDS:
            yield f"{name} is {late:.0f} seconds behind", "look at what its disk does, and at queries that hold it up"
