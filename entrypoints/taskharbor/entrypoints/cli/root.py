"""All commands by name. Each is loaded when it is asked for: what one needs costs the others nothing."""

from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

_TASKS: Final = "taskharbor.entrypoints.cli.tasks"
_SERVICE: Final = "taskharbor.entrypoints.cli.commands"
_ACCESS: Final = "taskharbor.entrypoints.cli.access_commands"

COMMANDS: Final = {
    "add": f"{_TASKS}.adding",
    "quick": f"{_TASKS}.quick",
    "list": f"{_TASKS}.listing",
    "next": f"{_TASKS}.listing",
    "search": f"{_TASKS}.listing",
    "show": f"{_TASKS}.listing",
    "start": f"{_TASKS}.progress",
    "done": f"{_TASKS}.progress",
    "claim": f"{_TASKS}.claiming",
    "edit": f"{_TASKS}.editing",
    "tag": f"{_TASKS}.editing",
    "move": f"{_TASKS}.editing",
    "rm": f"{_TASKS}.progress",
    "restore": f"{_TASKS}.progress",
    "undo": f"{_TASKS}.history",
    "log": f"{_TASKS}.history",
    "watch": f"{_TASKS}.history",
    "lists": f"{_TASKS}.lists",
    "context": "taskharbor.entrypoints.cli.target.commands",
    "prime": "taskharbor.entrypoints.cli.prime",
    "mcp": "taskharbor.entrypoints.cli.agents",
    "import": _SERVICE,
    "export": _SERVICE,
    "undo-import": _SERVICE,
    "serve": _SERVICE,
    "db": _SERVICE,
    "purge": _SERVICE,
    "backup": _SERVICE,
    "restore-backup": _SERVICE,
    "verify": _SERVICE,
    "doctor": _SERVICE,
    "workspace": _ACCESS,
    "member": _ACCESS,
    "invitation": _ACCESS,
    "token": _ACCESS,
    "sign-in-link": _ACCESS,
    "sign-out": _ACCESS,
    "settings": _SERVICE,
}
"""In the order of the help: the module whose `app` has the command."""

GROUPS: Final = frozenset({"context"})
"""Commands that are all that their module has, with commands of their own."""


class CommandsByName(TyperGroup):
    """Loads a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  # typer keeps its contexts to itself
        """Return the names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401  # as above
        """Return a command, or None."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found: Any = typer.main.get_command(import_module(module).app)
        is_one = cmd_name in GROUPS or not isinstance(found, TyperGroup)
        return found if is_one else found.get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # as above
        """Return the command that the first argument names, or suggest the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f", did you mean {near[0]}?" if near else ""
            ctx.fail(f"there is no command {args[0]}{hint}")
        return super().resolve_command(ctx, args)


app: Final = typer.Typer(
    cls=CommandsByName,
    help="Tasks on the command line, and the service that keeps them. `taskharbor COMMAND --help` has examples.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  # it takes time to load

        typer.echo(f"taskharbor {version('taskharbor')}")
        raise typer.Exit


@app.callback()
def _options_of_all(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
