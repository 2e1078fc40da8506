"""The commands that run the service. What they do is imported when it is asked for: help must be quick."""

# ruff: noqa: PLC0415

from typing import Annotated, Final

import typer

app: Final = typer.Typer(rich_markup_mode=None)
database: Final = typer.Typer(help="Manage the database schema.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(database, name="db")

# All values are text here: the settings check them, so that an option and its variable are refused in the same words.
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="sqlite:///file.db, postgresql://user@host/database, lmdb:///folder or memory://. "
        "Other users of this machine can see it: give a password in TASKHARBOR_DATABASE_URL.",
    ),
]


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(metavar="HOST", help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[
        str | None, typer.Option(metavar="PORT", help="Port to listen on; 0 for any free port. [8000]")
    ] = None,
    workers: Annotated[str | None, typer.Option(metavar="N", help="Number of worker processes. [1]")] = None,
    database_url: DatabaseUrl = None,
    migrate: Annotated[
        bool | None,
        typer.Option("--migrate/--no-migrate", help="Upgrade the schema first. [yes except on PostgreSQL]"),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="debug, info, warning, error or critical. [info]")
    ] = None,
    log_format: Annotated[str | None, typer.Option(metavar="FORMAT", help="auto, json or console. [auto]")] = None,
    insecure_no_auth: Annotated[
        bool | None,
        typer.Option(
            "--insecure-no-auth",
            help="Serve on other than loopback addresses too: everybody who reaches them can do everything.",
        ),
    ] = None,
) -> None:
    """Serve the HTTP API until stopped."""
    # Not even Typer is loaded where `serve_options` understands the options: what is added here goes there, too.
    from taskharbor.entrypoints.cli.serving import serve as run

    run(
        {
            "host": host,
            "port": port,
            "workers": workers,
            "database_url": database_url,
            "migrate": None if migrate is None else str(migrate),
            "log_level": log_level,
            "log_format": log_format,
            "insecure_no_auth": "true" if insecure_no_auth else None,
        }
    )


@app.command()
def settings() -> None:
    """List every setting: its variable, value, default and meaning."""
    from taskharbor.entrypoints.cli.settings_list import list_settings

    list_settings()


@app.command()
def purge(database_url: DatabaseUrl = None) -> None:
    """Permanently remove old data: deleted tasks, expired records, old history."""
    from taskharbor.entrypoints.cli.store.purging import purge as run

    run({"database_url": database_url})


@app.command()
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that does not exist yet.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Write a consistent copy of a SQLite database, while it is served or not."""
    from taskharbor.entrypoints.cli.store.backing_up import back_up

    back_up(file, {"database_url": database_url})


@app.command()
def restore_backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `taskharbor backup` has written.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the database that is there.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Put a backup in the place of a SQLite database that nobody uses."""
    from taskharbor.entrypoints.cli.store.backing_up import restore

    restore(file, {"database_url": database_url}, replace=replace)


@app.command()
def verify(database_url: DatabaseUrl = None) -> None:
    """Read every row of a store, or of a backup, and check what must hold."""
    from taskharbor.entrypoints.cli.store.verifying import verify_store

    verify_store({"database_url": database_url})


@app.command()
def doctor(database_url: DatabaseUrl = None) -> None:
    """Say what is wrong with settings, store and machine, and what to do."""
    from taskharbor.entrypoints.cli.store.doctor import examine

    examine({"database_url": database_url})


@app.command("import")
def import_(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files and folders; - is standard input.")],
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="icalendar, taskwarrior, todotxt, jsonl, todoist, ticktick, microsoft_todo, outlook, google_tasks, "
            "super_productivity or trello. [by what is in the file, and its name]",
        ),
    ] = None,
    atomic: Annotated[
        bool, typer.Option("--atomic", help="Import nothing if anything cannot be imported; up to 10,000 tasks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing, only report what an import would do; up to 50,000 tasks.")
    ] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Import tasks from files and folders. Existing tasks are changed where a file differs."""
    from taskharbor.entrypoints.cli.interchange import import_files

    import_files(files, format, {"database_url": database_url}, atomic=atomic, dry_run=dry_run)


@app.command("undo-import")
def undo_import(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id that the import has printed.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Undo an import, except what has been changed since."""
    from taskharbor.entrypoints.cli.interchange import undo_import as run

    run(id, {"database_url": database_url})


@app.command("export")
def export(
    format: Annotated[str, typer.Option(metavar="FORMAT", help="icalendar, taskwarrior, todotxt, jsonl or csv.")],
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The file; - is standard output.")] = "-",
    database_url: DatabaseUrl = None,
) -> None:
    """Export all tasks to a file, and report what its format cannot represent."""
    from taskharbor.entrypoints.cli.interchange import export_file

    export_file(file, format, {"database_url": database_url})


@database.command()
def upgrade(database_url: DatabaseUrl = None) -> None:
    """Upgrade the schema."""
    from taskharbor.entrypoints.cli.store.schema import upgrade_schema

    upgrade_schema(database_url)


@database.command()
def current(database_url: DatabaseUrl = None) -> None:
    """Show the version of the schema."""
    from taskharbor.entrypoints.cli.store.schema import show_schema

    show_schema(database_url)


@database.command()
def check(database_url: DatabaseUrl = None) -> None:
    """Fail unless the schema is the one that this release needs."""
    from taskharbor.entrypoints.cli.store.schema import check_schema

    check_schema(database_url)
