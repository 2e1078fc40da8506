"""The command `taskharbor`."""

import atexit
import gc
import sys
from typing import Final

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.serve_options import serve_options

_EXTRAS: Final = {"httpx": "client", "lark": "filter", "rich": "cli", "typer": "cli"}
"""What brings packages that not everybody has."""


_NEW_OBJECTS: Final = 200_000
"""After so many Python's collector looks for cycles. Of what a command loads, some 100,000, hardly any is let go of."""

_NEW_OBJECTS_OF_SERVER: Final = 20_000
"""What is let go of, such as classes that are made again with slots, would leave a megabyte of holes in each server."""


def main() -> None:
    """Run the command that the arguments of this process name; a failure is one sentence on stderr."""
    options = serve_options(sys.argv[2:]) if sys.argv[1:2] == ["serve"] else None
    gc.set_threshold(_NEW_OBJECTS if options is None else _NEW_OBJECTS_OF_SERVER)
    # Else the collector looks at all that is left when the process ends, for a quarter of the time of a short command.
    atexit.register(gc.freeze)
    try:
        # Imported here because every worker of the server imports this module and none of them parses arguments.
        if options is None:
            from taskharbor.entrypoints.cli.running import run  # noqa: PLC0415

            sys.exit(run())
        from taskharbor.entrypoints.cli.serving import serve  # noqa: PLC0415

        serve(options)
        sys.exit()
    except KeyboardInterrupt:
        sys.exit(CommandFailed("interrupted", exit_code=CommandFailed.INTERRUPTED).report())
    except CommandFailed as failure:
        sys.exit(failure.report())
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("taskharbor"):
            raise
        extra = _EXTRAS.get(missing.name or "", "server")
        reason = f"the package {missing.name} is not installed; install taskharbor[{extra}]"
        sys.exit(CommandFailed(reason, exit_code=CommandFailed.USAGE).report())
