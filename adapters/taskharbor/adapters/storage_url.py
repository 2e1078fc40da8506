"""From a database URL to a store."""

from dataclasses import dataclass

from taskharbor.application.ports.storage import Storage
from taskharbor.domain.errors import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageOptions:
    """How to use a store. What does not concern a kind of store is ignored by it.

    Attributes:
        migrate: whether to bring the schema up to date on opening; None means yes for a SQLite file, which only we
            use, and no for PostgreSQL, where that is an operator's decision.
        pool_size: how many connections to PostgreSQL, or reader threads on SQLite, at most.
        timeout: seconds to wait for a connection or an answer before the store counts as unavailable.
    """

    migrate: bool | None = None
    pool_size: int = 10
    timeout: float = 10.0


def storage_from_url(url: str, options: StorageOptions | None = None) -> Storage:
    """Return the store that `url` names, not yet opened.

    `memory://`; `sqlite:///relative.db` or `sqlite:////absolute.db`; `postgresql://user:password@host:port/database`.
    A driver may be named (`sqlite+aiosqlite`, `postgresql+asyncpg`) and changes nothing.

    Raises:
        InvalidValue: for `database_url`; the message never repeats the URL, which may hold a password.
        ImportError: if the store's own dependencies are not installed; the message names the extra.
    """
    options = options or StorageOptions()
    scheme, separator, _ = url.partition("://")
    engine = scheme.partition("+")[0].lower()
    if separator and engine == "memory":
        from taskharbor.adapters.memory import InMemoryStorage

        return InMemoryStorage()
    if separator and engine == "sqlite":
        from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage

        return SqliteStorage.from_url(url, options)
    if separator and engine in {"postgresql", "postgres"}:
        from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage

        return PostgresStorage.from_url(url, options)
    raise InvalidValue(
        "database_url", "must start with memory://, sqlite:/// or postgresql:// (a driver name is optional)"
    )
