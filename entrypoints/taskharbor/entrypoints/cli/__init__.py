"""The command `taskharbor`."""

import sys

from taskharbor.entrypoints.cli.failure import CommandFailed


def main() -> None:
    """Run the command that the arguments of this process name; a failure is one sentence on stderr."""
    try:
        # Imported here because every worker of the server imports this module and none of them parses arguments.
        from taskharbor.entrypoints.cli.commands import app  # noqa: PLC0415

        app()
    except CommandFailed as failure:
        sys.exit(failure.report())
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("taskharbor"):
            raise
        reason = f"the package {missing.name} is not installed; install taskharbor[server]"
        sys.exit(CommandFailed(reason, exit_code=CommandFailed.USAGE).report())
