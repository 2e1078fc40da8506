"""Runs the command that the arguments name."""

import sys

import typer
from typer.exceptions import TyperException

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.root import app


def run() -> int:
    """Run it; return the exit code.

    Raises:
        CommandFailed: if the arguments are wrong, or the command cannot do its work.
    """
    try:
        return app(standalone_mode=False) or 0
    except TyperException as wrong:
        message = wrong.format_message()
        if message.startswith("Usage:"):  # that of a group of commands of which none is named
            sys.stderr.write(f"{message}\n")
            return CommandFailed.USAGE
        raise CommandFailed(_sentence(wrong, message), exit_code=CommandFailed.USAGE) from None
    except typer.Abort:
        raise CommandFailed("interrupted", exit_code=CommandFailed.INTERRUPTED) from None


def _sentence(wrong: TyperException, message: str) -> str:
    context = getattr(wrong, "ctx", None)
    sentence = message.rstrip(".").replace("(Possible options: ", "(did you mean ")
    return sentence if context is None else f"{sentence}; `{context.command_path} --help` says more"
