"""The parts of a server: one container for each app, built from its settings."""

from datetime import timedelta
from typing import TYPE_CHECKING

from dependency_injector import containers, providers

from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.audit_log import AuditLog
from taskharbor.entrypoints.composition import storage_on, use_cases_on
from taskharbor.entrypoints.settings.settings import Settings

if TYPE_CHECKING:
    from taskharbor.adapters.opentelemetry.tracing import Tracing


def _storage_of(settings: Settings, tracing: "Tracing | None") -> Storage:
    replica = settings.replica_url
    storage = storage_on(
        settings.database_url.get_secret_value(),
        settings.storage_options(),
        replica_url=None if replica is None else replica.get_secret_value(),
        replica_wait=settings.replica_wait,
        shards=settings.shard_urls(),
    )
    return storage if tracing is None else tracing.storage(storage)


def _idempotency_retention_of(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.idempotency_retention)


def _audit_retention_of(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.audit_retention)


def _cursor_key_of(settings: Settings) -> bytes | None:
    key = settings.cursor_key
    return None if key is None else key.get_secret_value().encode()


class Container(containers.DeclarativeContainer):
    """How the parts of one app hang together.

    Every part is built once, when it is first needed. The storage is built closed; the server opens and closes it.
    `clock` and `uids` are None unless they replace ours, `tracing` unless spans are made. Nothing is wired: two
    containers in one process know nothing of each other.
    """

    settings: providers.Provider[Settings] = providers.Dependency(instance_of=Settings)
    clock: providers.Provider[Clock | None] = providers.Object(None)
    uids: providers.Provider[Uids | None] = providers.Object(None)
    tracing: "providers.Provider[Tracing | None]" = providers.Object(None)
    storage: providers.Provider[Storage] = providers.Singleton(_storage_of, settings, tracing)
    use_cases: providers.Provider[UseCases] = providers.Singleton(
        use_cases_on,
        storage,
        clock=clock,
        uids=uids,
        idempotency_retention=providers.Callable(_idempotency_retention_of, settings),
        cursor_key=providers.Callable(_cursor_key_of, settings),
        urgency_weights=providers.Callable(Settings.urgency_weights, settings),
        reminders=providers.Callable(Settings.reminder_settings, settings),
        quotas=providers.Callable(Settings.quotas, settings),
        audit=providers.Singleton(AuditLog),
        audit_retention=providers.Callable(_audit_retention_of, settings),
        webhook_networks=providers.Callable(Settings.webhook_addresses, settings),
        tracing=tracing,
    )


def container_from(
    settings: Settings,
    *,
    storage: Storage | None = None,
    clock: Clock | None = None,
    uids: Uids | None = None,
    tracing: "Tracing | None" = None,
) -> Container:
    """Return a new container.

    `storage` takes the place of the store that the settings name; so do `clock` and `uids` of ours. `tracing` makes
    spans.
    """
    parts = {"settings": settings, "storage": storage, "clock": clock, "uids": uids, "tracing": tracing}
    return Container(**{name: providers.Object(part) for name, part in parts.items() if part is not None})
