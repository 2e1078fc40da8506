"""Taskharbor inside another program: the use cases as typed calls, without a server.

    async with open_taskharbor("sqlite:///tasks.db") as harbor:
        task = await harbor.create_task(title="Water the plants")
        await harbor.complete_task(task.id)

With `memory://`, or a storage of your own, this needs nothing but the standard library.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from types import MappingProxyType

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.idempotency.recorded_calls import DEFAULT_RETENTION
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.principal import system_in
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, workspace_from
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, UrgencyWeights
from taskharbor.entrypoints.composition import storage_on, use_cases_on
from taskharbor.entrypoints.embedded.harbor import Harbor

__all__ = ["Harbor", "open_taskharbor"]


@asynccontextmanager
async def open_taskharbor(
    database_url: str = "sqlite:///tasks.db",
    *,
    workspace: str = DEFAULT_WORKSPACE,
    migrate: bool | None = None,
    pool_size: int = 10,
    timeout: float | None = None,  # noqa: ASYNC109  # of the store, not of this call
    storage: Storage | None = None,
    clock: Clock | None = None,
    uids: Uids | None = None,
    idempotency_retention: timedelta = DEFAULT_RETENTION,
    cursor_key: bytes | None = None,
    urgency_weights: UrgencyWeights = DEFAULT_WEIGHTS,
    webhook_networks: Sequence[str] = (),
    replica_url: str | None = None,
    replica_wait: float = 0,
    shards: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Harbor]:
    """Open a store for the length of an `async with` block.

    Args:
        database_url: the store: `memory://`, `sqlite:///file.db`, `lmdb:///folder` or
            `postgresql://user:password@host/name`.
        workspace: the workspace; `Harbor.in_workspace` gives the others.
        migrate: whether to upgrade the schema; None means yes for SQLite and no for PostgreSQL.
        pool_size: maximum number of connections to PostgreSQL, or of reader threads on SQLite.
        timeout: seconds to wait for the store before it counts as unavailable; None means 2 for PostgreSQL, and 10 for
            a SQLite file that another process has locked.
        storage: a store of your own, not yet opened, in place of `database_url` and the options above.
        clock: the source of the current time, by default the system clock.
        uids: makes uids for tasks created without one, by default UUIDs of version 7.
        idempotency_retention: how long the result of a call with an `idempotency_key` is kept.
        cursor_key: seals the cursors of `Harbor.find_tasks`; without one the store keeps a random key.
        urgency_weights: the weights of urgency, by default Taskwarrior's.
        webhook_networks: addresses, such as `10.0.0.0/8`, that webhooks may have though they are not public.
        replica_url: replicas of a PostgreSQL, each host one, which answer what is read in `Harbor.reading`.
        replica_wait: seconds to wait for a replica that is behind before the primary is asked.
        shards: more servers of PostgreSQL, to which new workspaces go, by their names.

    Raises:
        InvalidValue: if the URL or the name of the workspace is malformed.
        StoreUnavailable: if the store cannot be reached.
        StoreNotReady: if its schema must be upgraded first; the message says how.
        ImportError: if the store needs a package that is not installed; the message says which extra to install.
    """
    if storage is None:
        options = StorageOptions(migrate=migrate, pool_size=pool_size, timeout=timeout)
        storage = storage_on(database_url, options, replica_url=replica_url, replica_wait=replica_wait, shards=shards)
    use_cases = use_cases_on(
        storage,
        clock=clock,
        uids=uids,
        idempotency_retention=idempotency_retention,
        cursor_key=cursor_key,
        urgency_weights=urgency_weights,
        webhook_networks=webhook_networks,
    )
    harbor = Harbor(use_cases, system_in(workspace_from(workspace)))
    async with storage, aclosing(use_cases.webhooks):
        yield harbor
