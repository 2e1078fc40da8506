"""`taskharbor context`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.target.contexts import Context, Contexts, contexts_path, read_contexts, write_contexts
from taskharbor.entrypoints.cli.target.target import context_named
from taskharbor.entrypoints.settings.masking import masked

app: Final = typer.Typer(
    help="Save where tasks are: stores and servers, by name.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a context.")]


@app.command("add")
def add(
    name: Name,
    server: Annotated[str | None, typer.Option("--server", metavar="URL", help="A server; or")] = None,
    database_url: Annotated[str | None, typer.Option("--database-url", metavar="URL", help="a store.")] = None,
    token: Annotated[
        str | None, typer.Option("--token", metavar="TOKEN", help="The API token; - reads it from standard input.")
    ] = None,
    token_env: Annotated[
        str | None, typer.Option("--token-env", metavar="VARIABLE", help="The variable that has the token.")
    ] = None,
    workspace: Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="The workspace.")] = None,
) -> None:
    r"""Save a context, or replace it. The first one is in use at once.

    \b
    Examples:
      $ taskharbor context add home --database-url sqlite:////home/ada/tasks.db
      $ taskharbor context add work --server https://tasks.example.org --token - < token.txt
      $ taskharbor context add ci --server https://tasks.example.org --token-env CI_TOKEN
    """
    if (server is None) is (database_url is None):
        raise CommandFailed("give either --server or --database-url", exit_code=CommandFailed.USAGE)
    if token is not None and token_env is not None:
        raise CommandFailed("give --token or --token-env, not both", exit_code=CommandFailed.USAGE)
    saved = read_contexts()
    context = Context(
        server=server,
        database_url=None if database_url is None else _absolute(database_url),
        token=sys.stdin.readline().strip() if token == "-" else token,  # noqa: S105  # that means standard input
        token_env=token_env,
        workspace=workspace,
    )
    write_contexts(Contexts(saved.current or name, {**saved.by_name, name: context}))
    typer.echo(f"Saved {name} in {contexts_path()}.", err=True)


def _absolute(url: str) -> str:
    """Return a URL of a file from where a context is used, which may be any folder."""
    scheme, separator, path = url.partition(":///")
    if not separator or not path or path.startswith("/") or scheme.partition("+")[0] not in {"sqlite", "lmdb"}:
        return url
    return f"{scheme}:///{Path.cwd() / path}"


@app.command("use")
def use(name: Name) -> None:
    r"""Use a context from now on, unless an option or a variable says otherwise.

    \b
    Examples:
      $ taskharbor context use work
    """
    saved = read_contexts()
    context_named(name, saved)
    write_contexts(replace(saved, current=name))


@app.command("list")
def list_contexts() -> None:
    r"""List the contexts; the one in use has a star. Tokens are not shown.

    \b
    Examples:
      $ taskharbor context list
    """
    saved = read_contexts()
    for name, each in saved.by_name.items():
        where = masked(each.server or each.database_url or "")
        workspace = f"  workspace {each.workspace}" if each.workspace else ""
        token = "  token" if each.token else f"  token in {each.token_env}" if each.token_env else ""
        typer.echo(f"{'*' if name == saved.current else ' '} {name}  {where}{workspace}{token}")


@app.command("remove")
def remove(name: Name) -> None:
    r"""Forget a context.

    \b
    Examples:
      $ taskharbor context remove work
    """
    saved = read_contexts()
    context_named(name, saved)
    left = {other: each for other, each in saved.by_name.items() if other != name}
    write_contexts(Contexts(None if saved.current == name else saved.current, left))
