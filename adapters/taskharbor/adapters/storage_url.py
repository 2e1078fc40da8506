"""From a database URL to a store."""

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.errors import InvalidValue


def storage_from_url(url: str, options: StorageOptions | None = None) -> Storage:
    """Return the store that `url` names, not yet opened.

    `memory://`; `sqlite:///relative.db` or `sqlite:////absolute.db`; `postgresql://user:password@host:port/database`;
    `lmdb:///relative/folder` or `lmdb:////absolute/folder`. A driver may be named
    (`sqlite+aiosqlite`, `postgresql+asyncpg`) and changes nothing.

    Raises:
        InvalidValue: for `database_url`; the message never repeats the URL, which may hold a password.
        ImportError: if the store's own dependencies are not installed; the message names the extra.
    """
    options = options or StorageOptions()
    scheme, separator, _ = url.partition("://")
    engine = scheme.partition("+")[0].lower()
    if separator and engine == "memory":
        from taskharbor.adapters.memory import InMemoryStorage

        return InMemoryStorage(query_timeout=options.query_timeout)
    if separator and engine == "sqlite":
        from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage

        return SqliteStorage.from_url(url, options)
    if separator and engine in {"postgresql", "postgres"}:
        from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage

        return PostgresStorage.from_url(url, options)
    if engine == "lmdb" and (folder := url.partition(":///")[2]):
        from pathlib import Path

        from taskharbor.adapters.lmdb import LmdbStorage

        storage = LmdbStorage(Path(folder))
        storage.query_timeout = options.query_timeout
        return storage
    raise InvalidValue(
        "database_url", "must start with memory://, sqlite:///, postgresql:// or lmdb:/// (a driver name is optional)"
    )


def urls_of_hosts(url: str) -> list[str]:
    """Return a URL for each host that a URL of PostgreSQL names; which kind of server it must be is said in neither.

    Raises:
        InvalidValue: for `database_url`, if a parameter is malformed.
        ImportError: if PostgreSQL's own dependencies are not installed.
    """
    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

    servers = Servers.at(url)
    size = servers.statement_cache_size
    if size is None:
        return list(servers.dsns)
    return [f"{dsn}{'&' if '?' in dsn else '?'}statement_cache_size={size}" for dsn in servers.dsns]
