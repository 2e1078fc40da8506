"""`taskharbor doctor`: what is wrong with an installation, and what to do about it."""

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from time import time
from typing import Final

import typer

from taskharbor.adapters.sqlalchemy.schema import current, require_columns, require_version
from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
from taskharbor.adapters.sqlalchemy.sqlite_driver import HAS_WAL_RESET_RACE, sqlite3
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.store.replica_faults import faults_of_replicas
from taskharbor.entrypoints.cli.store.shard_faults import faults_of_shards
from taskharbor.entrypoints.composition import storage_on
from taskharbor.entrypoints.settings.loopback import is_loopback
from taskharbor.entrypoints.settings.settings import Settings

_LITTLE_SPACE: Final = 256 * 1024 * 1024
_CLOCK_SECONDS: Final = 5
_NETWORK_FILE_SYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "ceph"})
"""SQLite's locks, and the memory that its connections share, are not to be relied on there."""
_ABOUT_POSTGRES: Final = """
    SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('max_connections')::int, pg_is_in_recovery()
"""


@frozen
class Finding:
    """Something that is not as it should be.

    Attributes:
        what: what is wrong.
        remedy: what to do about it.
        is_fault: whether the service cannot work like this; else it is a warning.
    """

    what: str
    remedy: str
    is_fault: bool = True


def examine(options: Mapping[str, str | None]) -> None:
    """Print what is wrong, and what to do; without a fault the exit code is 0.

    Raises:
        CommandFailed: if there is a fault, or a setting is wrong.
    """
    settings = configured(options)
    url = settings.database_url.get_secret_value()
    with store_failures(options):
        findings = [
            *_of_settings(settings),
            *(_of_sqlite(path_from(url), settings) if url.startswith("sqlite") else ()),
        ]
    findings += asyncio.run(_of_store(url, settings))
    for finding in findings:
        typer.echo(f"{'FAULT' if finding.is_fault else 'warning'}: {finding.what}\n    {finding.remedy}")
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        raise CommandFailed(f"{faults} of {len(findings)} findings keep it from working", exit_code=CommandFailed.STORE)
    if not findings:
        typer.echo("Nothing is wrong.")


def _of_settings(settings: Settings) -> Iterator[Finding]:
    if settings.auth == "local" and not settings.insecure_no_auth and not is_loopback(settings.host):
        yield Finding(
            f"TASKHARBOR_HOST={settings.host} can be reached by others, and nobody signs in",
            "set TASKHARBOR_AUTH=required and make a token with `taskharbor token create`, or listen on 127.0.0.1",
        )
    if settings.insecure_no_auth:
        yield Finding(
            "everybody who reaches the server may do everything (TASKHARBOR_INSECURE_NO_AUTH)",
            "set TASKHARBOR_AUTH=required",
            is_fault=False,
        )
    if settings.auth == "required" and not settings.allowed_hosts and not is_loopback(settings.host):
        yield Finding(
            "no public name is allowed, so requests to one are answered with 421",
            "set TASKHARBOR_ALLOWED_HOSTS to the name under which clients find this server",
            is_fault=False,
        )
    cores = os.cpu_count() or 1
    if settings.workers > cores:
        yield Finding(
            f"{settings.workers} workers share {cores} processor cores",
            f"set TASKHARBOR_WORKERS to {cores} or less",
            is_fault=False,
        )
    if settings.purge_interval and settings.history_retention is None and settings.trash_retention is None:
        yield Finding("nothing is ever purged, so the store only grows", "set a retention", is_fault=False)


def _of_sqlite(database: Path, settings: Settings) -> Iterator[Finding]:
    folder = database.absolute().parent
    if not folder.is_dir():
        yield Finding(f"there is no folder {folder}", "create it, or name another in TASKHARBOR_DATABASE_URL")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(f"{folder} cannot be written to", "SQLite makes files beside the database: allow it there")
    if database.exists() and not os.access(database, os.R_OK | os.W_OK):
        yield Finding(f"{database} cannot be read and written", "allow both to the user who serves")
    if (kind := _file_system_of(folder)) in _NETWORK_FILE_SYSTEMS:
        yield Finding(
            f"{folder} is on a network file system ({kind}), where SQLite can damage the database",
            "put the database on a local disk, or use PostgreSQL",
        )
    if (free := shutil.disk_usage(folder).free) < _LITTLE_SPACE:
        yield Finding(f"{folder} has {free // 1024 // 1024} MB left", "make room", is_fault=free < _LITTLE_SPACE // 16)
    if HAS_WAL_RESET_RACE and settings.workers > 1:
        yield Finding(
            f"SQLite {sqlite3.sqlite_version} has a race that can damage a database on which several processes write",
            "install the extra sqlite, which brings a newer one, or serve with one worker",
            is_fault=False,
        )
    if database.exists():
        yield from _of_file(database)


def _of_file(database: Path) -> Iterator[Finding]:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        yield Finding(
            f"{database} is damaged: {verdict}", "restore a backup: `taskharbor restore-backup FILE --replace`"
        )


async def _of_store(url: str, settings: Settings) -> list[Finding]:
    findings = await _of_schema(url, settings)
    if findings:
        return findings
    if url.startswith("postgres"):
        findings += await _of_postgres(url, settings)
        if settings.replica_url is not None:
            replicas = settings.replica_url.get_secret_value()
            findings += [Finding(what, remedy, is_fault=False) async for what, remedy in faults_of_replicas(replicas)]
        if settings.shards is not None:
            findings += [Finding(*found) async for found in faults_of_shards(url, settings)]
    elif not url.startswith("sqlite"):
        try:
            async with storage_on(url, settings.storage_options()) as storage:
                await storage.ping()
        except (StoreUnavailable, StoreNotReady) as refusal:
            findings.append(Finding(str(refusal), "correct TASKHARBOR_DATABASE_URL"))
    return findings


async def _of_schema(url: str, settings: Settings) -> list[Finding]:
    if not url.startswith(("sqlite", "postgres")) or _will_be_made(url):
        return []
    try:
        await current(url)
    except StoreNotReady as refusal:  # which no upgrade helps
        return [Finding(refusal.reason, refusal.remedy)]
    except StoreUnavailable as refusal:
        return [Finding(str(refusal), "start the database, or correct TASKHARBOR_DATABASE_URL")]
    try:
        await require_version(url)
    except StoreNotReady as refusal:
        remedy = "`taskharbor db upgrade`, after a backup"
        return [Finding(str(refusal), remedy, is_fault=not _migrates(url, settings))]
    try:
        await require_columns(url)
    except StoreNotReady as refusal:
        return [Finding(refusal.reason, refusal.remedy)]
    return []


async def _of_postgres(url: str, settings: Settings) -> list[Finding]:
    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers  # noqa: PLC0415  # its driver may be missing

    connection = await Servers.at(url).connect_once()
    try:
        [(theirs, most, is_copy)] = await connection.fetch(_ABOUT_POSTGRES)
        behind = abs(time() - theirs)
    finally:
        await connection.close()
    wanted = settings.workers * settings.storage_options().pool_size
    findings = []
    if is_copy:
        findings.append(Finding("this PostgreSQL is a replica, which takes no writes", "name the primary in the URL"))
    if behind > _CLOCK_SECONDS:
        findings.append(
            Finding(
                f"the clocks of this machine and of PostgreSQL differ by {behind:.0f} seconds",
                "let both keep time by NTP: due dates and leases are read by this machine's clock",
                is_fault=False,
            )
        )
    if wanted > most * 0.8:
        findings.append(
            Finding(
                f"{settings.workers} workers want up to {wanted} connections, and PostgreSQL has {most} for everybody",
                "lower TASKHARBOR_POOL_SIZE or TASKHARBOR_WORKERS, or raise max_connections",
                is_fault=False,
            )
        )
    return findings


def _will_be_made(url: str) -> bool:
    return url.startswith("sqlite") and not path_from(url).exists()


def _migrates(url: str, settings: Settings) -> bool:
    return settings.migrate or (settings.migrate is None and url.startswith("sqlite"))


def _file_system_of(folder: Path) -> str | None:
    """Return the kind of file system that a folder is on, where the system says so."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return None
    above = [mount for mount in mounts if folder.is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[1]))[2] if above else None
