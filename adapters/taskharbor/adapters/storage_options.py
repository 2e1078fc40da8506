"""How a store is used, whichever it is."""

from taskharbor.domain.frozen import frozen


@frozen(kw_only=True)
class StorageOptions:
    """How to use a store. What does not concern a kind of store is ignored by it.

    Attributes:
        migrate: whether to bring the schema up to date on opening; None means yes for a SQLite file, which only we
            use, and no for PostgreSQL, where that is an operator's decision.
        pool_size: how many connections to PostgreSQL, or reader threads on SQLite, at most.
        timeout: seconds to wait before the store counts as unavailable; None means 2 for PostgreSQL, and 10 for a
            SQLite file that another process has locked.
        query_timeout: seconds after which one query is given up, of the processor's time on SQLite.
        is_shard: whether it is used as one of several; a PostgreSQL that is one must not be used alone.
    """

    migrate: bool | None = None
    pool_size: int = 10
    timeout: float | None = None
    query_timeout: float = 2.0
    is_shard: bool = False
