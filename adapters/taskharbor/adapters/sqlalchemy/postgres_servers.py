"""Where PostgreSQL is: the servers that a URL names, and a connection to one of them."""

import re
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

import asyncpg

from taskharbor.domain.errors import InvalidValue

_CACHE: Final = "statement_cache_size"
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_SESSION: Final = "target_session_attrs"
_PREFERRED: Final = {"prefer-standby": ("standby", "any")}
"""Asked in this order; asyncpg would wait for servers that do not answer before it takes what there is."""


@dataclass(slots=True)
class Servers:
    """The servers of one database, all of which are tried.

    Args:
        dsns: a URL for each of them, in the order in which they are tried.
        wanted: what the server must be, by libpq's `target_session_attrs`; the first that can be had.
        statement_cache_size: how many prepared statements a connection keeps; None for asyncpg's own number, or 0 if
            `connect_once` meets a pooler.
    """

    dsns: tuple[str, ...]
    wanted: tuple[str | None, ...] = (None,)
    statement_cache_size: int | None = None
    _first: int = 0

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the servers at a `postgresql://` URL, with a driver name or without.

        Several hosts are separated by commas, as for libpq. Of several the one is taken that can be written to, unless
        `target_session_attrs` says otherwise.

        Raises:
            InvalidValue: for `database_url`, if a parameter is malformed.
        """
        place, _, query = url.partition("://")[2].partition("?")
        authority, slash, database = place.partition("/")
        user, at, hosts = authority.rpartition("@")
        parameters = parse_qsl(query, keep_blank_values=True)
        given = dict(parameters)
        size = given.get(_CACHE)
        if size is not None and not _NUMBER.fullmatch(size):
            raise InvalidValue("database_url", f"has a parameter {_CACHE} that is not a number from 0 to 99999")
        several = hosts.split(",")
        wanted = given.get(_SESSION) or ("read-write" if len(several) > 1 else None)
        kept = urlencode([(name, value) for name, value in parameters if name not in {_CACHE, _SESSION}])
        rest = f"{slash}{database}" + (f"?{kept}" if kept else "")
        return cls(
            dsns=tuple(f"postgresql://{user}{at}{host}{rest}" for host in several),
            wanted=_PREFERRED.get(wanted or "", (wanted,)),
            statement_cache_size=None if size is None else int(size),
        )

    async def connect(self, *, timeout: float, **options: Any) -> asyncpg.Connection:  # noqa: ASYNC109  # for all
        """Connect to the first server that is what is wanted, beginning with the one that was the last time.

        Each has its share of what is left of the `timeout`: one that is frozen must not keep us from the others, and
        is not the first to be asked the next time.

        Raises:
            InvalidValue: for `database_url`, if it is malformed.
            OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InternalClientError: as the last that was tried.
        """
        until = monotonic() + timeout
        tries = [(wanted, index) for wanted in self.wanted for index in self._in_order()]
        failure: Exception | None = None
        for number, (wanted, index) in enumerate(tries):
            share = max(until - monotonic(), 0) / (len(tries) - number)
            try:
                connection = await self._connect(self.dsns[index], wanted, timeout=share, **options)
            except TimeoutError as error:
                failure = error
                if self._first == index:
                    self._first = (index + 1) % len(self.dsns)
            except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError) as error:
                failure = error
            else:
                self._first = index
                return connection
        raise failure or OSError("no server is named")

    async def connect_once(self) -> asyncpg.Connection:
        """Connect for a few statements, none of which is prepared, so that any pooler may be in between.

        One that hands each transaction to another connection would take others' prepared statements for ours. So unless
        the URL says how many to keep, none are from then on. A pooler is known by its process ids, which the server has
        not.
        """
        connection = await self.connect(timeout=10, statement_cache_size=0)
        if self.statement_cache_size is None:
            try:
                process = await connection.fetchval("SELECT pg_backend_pid()")
            except BaseException:
                connection.terminate()
                raise
            self.statement_cache_size = None if process == connection.get_server_pid() else 0
        return connection

    def _in_order(self) -> list[int]:
        count = len(self.dsns)
        return [(self._first + n) % count for n in range(count)]

    async def _connect(self, dsn: str, wanted: str | None, **options: Any) -> asyncpg.Connection:
        try:
            return await asyncpg.connect(dsn, target_session_attrs=wanted, **options)
        except ValueError:
            # What the driver says of a malformed URL may repeat its password.
            raise InvalidValue("database_url", "is not postgresql://user:password@host:port/database") from None
