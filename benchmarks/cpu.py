"""The processor time that a server and its database take, whatever else shares the machine's cores with them."""

import asyncio
from dataclasses import dataclass

import asyncpg
import psutil  # type: ignore[import-untyped]


def cpu_seconds(pid: int) -> float:
    """Return what a process, its children and those of them that have ended took until now."""
    process = psutil.Process(pid)
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Reads the time of a server and of its database, if that has processes on this machine.

    What others ask of the same PostgreSQL server counts, too.
    """

    server: int
    database: int | None

    def read(self) -> tuple[float, float | None]:
        """Return the seconds of each until now."""
        return cpu_seconds(self.server), None if self.database is None else cpu_seconds(self.database)


def database_process(url: str) -> int | None:
    """Return the process that all of PostgreSQL's are children of, or None for SQLite and for another machine."""
    if not url.startswith("postgresql:"):
        return None

    async def backend() -> int:
        connection = await asyncpg.connect(url)
        try:
            pid: int = await connection.fetchval("SELECT pg_backend_pid()")
            parent: int | None = psutil.Process(pid).ppid() if _is_postgres(pid) else None
            return parent or 0
        finally:
            await connection.close()

    return asyncio.run(backend()) or None


def _is_postgres(pid: int) -> bool:
    try:
        name: str = psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False
    return name.startswith("postgres")
