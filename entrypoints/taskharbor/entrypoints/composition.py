"""The composition root: which adapters the use cases get, in a server and in another program alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.filters.lazy_parser import LazyFilterParser
from taskharbor.adapters.quick_add.lazy_reader import LazyQuickLineReader
from taskharbor.adapters.recurrence import LazyOccurrences
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url, urls_of_hosts
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.adapters.webhooks.lazy_sender import LazyWebhookSender
from taskharbor.application.idempotency.recorded_calls import DEFAULT_RETENTION
from taskharbor.application.ports.audit import AuditSink
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.ports.webhook_sender import WebhookSender
from taskharbor.application.quotas.quota_guard import NO_QUOTAS, QuotaGuard, Quotas
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.services import AUDIT_RETENTION
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, UrgencyWeights

if TYPE_CHECKING:
    from taskharbor.adapters.opentelemetry.tracing import Tracing


def storage_on(
    database_url: str,
    options: StorageOptions,
    *,
    replica_url: str | None = None,
    replica_wait: float = 0,
    shards: Mapping[str, str] = MappingProxyType({}),
) -> Storage:
    """Return the store at a URL, not yet opened.

    Each host of `replica_url` is a replica, which may answer queries; these wait for one that is behind for up to
    `replica_wait` seconds. With `shards`, URLs by names, the store has the directory of these.

    Raises:
        InvalidValue: if a URL names no store, or one whose replicas cannot be asked.
        ImportError: if the store needs a package that is not installed; the message says which extra to install.
    """
    if shards:
        from taskharbor.application.shards.sharded_storage import ShardedStorage  # noqa: PLC0415  # few have any

        as_shard = replace(options, is_shard=True)
        others = {name: storage_from_url(url, as_shard) for name, url in shards.items()}
        return ShardedStorage(storage_from_url(database_url, as_shard), others)
    primary = storage_from_url(database_url, options)
    if replica_url is None:
        return primary
    if not (database_url.startswith("postgres") and replica_url.startswith("postgres")):
        raise InvalidValue("replica_url", "must start with postgresql://, as must the URL of the database")
    from taskharbor.application.replicas.replicated_storage import ReplicatedStorage  # noqa: PLC0415  # few have any

    replicas = [storage_from_url(url, replace(options, migrate=False)) for url in urls_of_hosts(replica_url)]
    return ReplicatedStorage(primary, replicas, wait=replica_wait)


def use_cases_on(
    storage: Storage,
    *,
    clock: Clock | None = None,
    uids: Uids | None = None,
    idempotency_retention: timedelta = DEFAULT_RETENTION,
    cursor_key: bytes | None = None,
    urgency_weights: UrgencyWeights = DEFAULT_WEIGHTS,
    quotas: Quotas = NO_QUOTAS,
    audit: AuditSink | None = None,
    audit_retention: timedelta = AUDIT_RETENTION,
    webhook_networks: Sequence[str] = (),
    reminders: ReminderSettings | None = None,
    tracing: "Tracing | None" = None,
) -> UseCases:
    """Return the use cases on a store. `clock` and `uids` take the place of ours.

    `webhook_networks` are the addresses, such as `10.0.0.0/8`, that webhooks may have though they are not public.
    """
    sender: WebhookSender = LazyWebhookSender(webhook_networks)
    if tracing is not None:
        sender = tracing.webhook_sender(sender, storage)
    use_cases = UseCases(
        storage,
        clock=clock or SystemClock(),
        uids=uids or Uuid7Uids(),
        occurrences=LazyOccurrences(),
        filters=LazyFilterParser(),
        quick_lines=LazyQuickLineReader(),
        idempotency_retention=idempotency_retention,
        cursor_key=cursor_key,
        urgency_weights=urgency_weights,
        reminders=reminders,
        quotas=None if quotas == NO_QUOTAS else QuotaGuard(quotas, storage),
        audit=audit,
        audit_retention=audit_retention,
        webhook_sender=sender,
    )
    return use_cases if tracing is None else tracing.use_cases(use_cases)
