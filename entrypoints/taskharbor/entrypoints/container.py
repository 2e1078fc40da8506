"""The composition root of a server: one container for each app, built from its settings."""

from datetime import timedelta

from dependency_injector import containers, providers

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.filters.lazy_parser import LazyFilterParser
from taskharbor.adapters.recurrence import LazyOccurrences
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.settings.settings import Settings


def _storage_of(settings: Settings) -> Storage:
    return storage_from_url(settings.database_url.get_secret_value(), settings.storage_options())


def _idempotency_retention_of(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.idempotency_retention)


def _cursor_key_of(settings: Settings) -> bytes | None:
    key = settings.cursor_key
    return None if key is None else key.get_secret_value().encode()


class Container(containers.DeclarativeContainer):
    """How the parts of one app hang together.

    Every part is built once, when it is first needed. The storage is built closed; the server opens and closes
    it. Nothing is wired: two containers in one process know nothing of each other.
    """

    settings: providers.Provider[Settings] = providers.Dependency(instance_of=Settings)
    clock: providers.Provider[Clock] = providers.Singleton(SystemClock)
    uids: providers.Provider[Uids] = providers.Singleton(Uuid7Uids)
    storage: providers.Provider[Storage] = providers.Singleton(_storage_of, settings)
    filters: providers.Provider[FilterParser] = providers.Singleton(LazyFilterParser)
    occurrences: providers.Provider[Occurrences] = providers.Singleton(LazyOccurrences)
    use_cases: providers.Provider[UseCases] = providers.Singleton(
        UseCases,
        storage,
        clock=clock,
        uids=uids,
        idempotency_retention=providers.Callable(_idempotency_retention_of, settings),
        filters=filters,
        cursor_key=providers.Callable(_cursor_key_of, settings),
        occurrences=occurrences,
        urgency_weights=providers.Callable(Settings.urgency_weights, settings),
    )


def container_from(
    settings: Settings, *, storage: Storage | None = None, clock: Clock | None = None, uids: Uids | None = None
) -> Container:
    """Return a new container.

    `storage` takes the place of the store that the settings name; so do `clock` and `uids` of ours.
    """
    parts = {"settings": settings, "storage": storage, "clock": clock, "uids": uids}
    return Container(**{name: providers.Object(part) for name, part in parts.items() if part is not None})
