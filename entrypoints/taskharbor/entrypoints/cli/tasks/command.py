"""What all commands on tasks have in common: their options, how they are run, how they end."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Annotated, Any, Final

import typer

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.formats import FORMATS, format_from
from taskharbor.entrypoints.cli.target.target import Options, opened, target_of

WHERE: Final = "Where the tasks are"

_COMMON: Final[dict[str, tuple[Any, object]]] = {
    "database_url": (
        Annotated[
            str | None,
            typer.Option("--database-url", metavar="URL", help="The store.", rich_help_panel=WHERE),
        ],
        None,
    ),
    "server": (
        Annotated[
            str | None,
            typer.Option("--server", metavar="URL", help="A server, instead of a store.", rich_help_panel=WHERE),
        ],
        None,
    ),
    "token": (
        Annotated[
            str | None,
            typer.Option(
                "--token",
                metavar="TOKEN",
                help="Its API token. Other users of this machine can see it: prefer TASKHARBOR_TOKEN.",
                rich_help_panel=WHERE,
            ),
        ],
        None,
    ),
    "context": (
        Annotated[
            str | None,
            typer.Option("--context", metavar="NAME", help="A saved context.", rich_help_panel=WHERE),
        ],
        None,
    ),
    "workspace": (
        Annotated[
            str | None,
            typer.Option("--workspace", metavar="NAME", help="The workspace.", rich_help_panel=WHERE),
        ],
        None,
    ),
    "json": (Annotated[bool, typer.Option("--json", help="Answer in JSON, as --format json.")], False),
    "format": (
        Annotated[str | None, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(FORMATS)}. [table]")],
        None,
    ),
    "time_zone": (
        Annotated[
            str | None,
            typer.Option("--time-zone", metavar="ZONE", help="Where days begin and end. [that of this machine]"),
        ],
        None,
    ),
}


def command(
    app: typer.Typer, name: str, *, examples: str, reads: bool = False
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """Register a coroutine function as a command. It gets a harbor and an output, then its own options.

    Args:
        app: where it is registered.
        name: what users type.
        examples: lines that the help shows.
        reads: whether it changes nothing, so that no database is made where there is none.
    """

    def decorate(function: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[2:]

        @wraps(function)
        def run(**given: Any) -> None:  # noqa: ANN401  # what typer has read
            common = {option: given.pop(option) for option in _COMMON}
            _run(function, common, given, reads=reads)

        common = [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for option, (annotation, default) in _COMMON.items()
        ]
        parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + common
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        del run.__wrapped__  # else its signature would be looked at
        help_text = f"{inspect.getdoc(function)}\n\n\b\nExamples:\n{_indented(examples)}"
        app.command(name, help=help_text)(run)
        return run

    return decorate


def _indented(examples: str) -> str:
    return "\n".join(f"  $ {line}" for line in examples.strip().splitlines())


def _run(
    function: Callable[..., Awaitable[None]], common: dict[str, Any], given: dict[str, Any], *, reads: bool
) -> None:
    from taskharbor.entrypoints.cli.output.output import Output  # noqa: PLC0415  # help needs none of this
    from taskharbor.entrypoints.cli.target.failures import call_failures  # noqa: PLC0415

    format = format_from(common.pop("format"), as_json=common.pop("json"))  # noqa: A001
    output = Output(format, time_zone=common.pop("time_zone"))
    target = target_of(Options(**common))

    async def act() -> None:
        async with opened(target, reads=reads) as harbor:
            await function(harbor, output, **given)

    with call_failures():
        try:
            asyncio.run(act())
        except KeyboardInterrupt:
            raise CommandFailed("interrupted", exit_code=CommandFailed.INTERRUPTED) from None
