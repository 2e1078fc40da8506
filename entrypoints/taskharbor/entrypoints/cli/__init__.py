"""The command `taskharbor`."""

import atexit
import gc
import sys
from typing import Final

from taskharbor.entrypoints.cli.failure import CommandFailed

_EXTRAS: Final = {"httpx": "client", "lark": "filter", "rich": "cli", "typer": "cli"}
"""What brings packages that not everybody has."""


_NEW_OBJECTS: Final = 200_000
"""After so many Python's collector looks for cycles. Of what a command loads, some 100,000, hardly any is let go of."""


def main() -> None:
    """Run the command that the arguments of this process name; a failure is one sentence on stderr."""
    gc.set_threshold(_NEW_OBJECTS)
    # Else the collector looks at all that is left when the process ends, for a quarter of the time of a short command.
    atexit.register(gc.freeze)
    try:
        # Imported here because every worker of the server imports this module and none of them parses arguments.
        from taskharbor.entrypoints.cli.running import run  # noqa: PLC0415

        sys.exit(run())
    except CommandFailed as failure:
        sys.exit(failure.report())
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("taskharbor"):
            raise
        extra = _EXTRAS.get(missing.name or "", "server")
        reason = f"the package {missing.name} is not installed; install taskharbor[{extra}]"
        sys.exit(CommandFailed(reason, exit_code=CommandFailed.USAGE).report())
