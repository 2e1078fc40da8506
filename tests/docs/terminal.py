"""The terminal of a reader: commands are typed one after the other, and servers go on running beside them."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

SECONDS: Final = 30
"""How long a server may take to start."""

_END: Final = "-- end of output --"

# `make serve` works in the repository, and must not leave its database there: so this is what it does, elsewhere.
_MEANS: Final = {"make serve": "taskharbor serve"}

# That a page can run the kit is to be shown here, not how hard the kit can try.
_FEWER_EXAMPLES: Final = """
from hypothesis import settings

settings.register_profile("fewer", max_examples=1)
settings.load_profile("fewer")
"""


class Terminal:
    """A shell in one folder, where `export` and `cd` last. What the page calls port 8000 is a free one."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.port = _free_port()
        self._folder = folder
        self._server: str | None = None
        self._busy = False
        ours = {"PORT": str(self.port), "UVICORN_PORT": str(self.port)}
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env={**environment, **ours},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._busy:
            self.stop_server()
        # A command that hangs would never let the shell come to another one.
        deadline = time.monotonic() + SECONDS
        number = signal.SIGTERM
        while self._signal(number):
            self._shell.poll()
            time.sleep(0.02)
            number = signal.SIGKILL if time.monotonic() > deadline else 0
        self._shell.communicate()

    def run(self, command: str) -> str:
        """Type the command; return what it shows."""
        # `$?` is the command's for the one that follows it.
        return self._type(f"{{ {command}\n}} </dev/null 2>&1; _status=$?; printf '\\n%s\\n' '{_END}'; (exit $_status)")

    def serve(self, command: str, *, lines: int) -> str:
        """Start a server; return the first `lines` that it shows, or all that it has shown if there should be none."""
        output = self._folder / ".server"
        for shown, meant in _MEANS.items():
            command = command.replace(shown, meant)
        started = self._type(
            f"</dev/null >{shlex.quote(str(output))} 2>&1 {command.rstrip()} &\necho $!; printf '\\n%s\\n' '{_END}'"
        )
        self._server = started.strip()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            shown = output.read_text() if output.exists() else ""
            if shown.count("\n") >= lines and self._answers():
                return "".join(shown.splitlines(keepends=True)[: lines or None])
            time.sleep(0.02)
        raise AssertionError(f"the server did not start in {SECONDS} seconds; it has shown:\n{shown}")

    def _signal(self, number: int) -> bool:
        try:
            os.killpg(self._shell.pid, number)
        except ProcessLookupError:
            return False
        return True

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def stop_server(self) -> None:
        """Ask the server that runs, if any, to stop, and wait until it has."""
        if self._server is not None:
            self.run(f"kill -TERM {self._server}; wait {self._server}")
            self._server = None

    def _type(self, text: str) -> str:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._busy = True
        self._shell.stdin.write(f"{text}\n")
        self._shell.stdin.flush()
        shown: list[str] = []
        for line in self._shell.stdout:
            if line.strip() == _END:
                break
            shown.append(line)
        self._busy = False
        # One line break is ours, so that the end is on a line of its own.
        return "".join(shown).removesuffix("\n")


def environment_in(folder: Path) -> dict[str, str]:
    """Return the environment of a reader who has installed Taskharbor and has set nothing."""
    (folder / ".curlrc").write_text("silent\nshow-error\n")  # no progress bar, which terminals do not show either
    (folder / "fewer_examples.py").write_text(_FEWER_EXAMPLES)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TASKHARBOR_", "PYTEST", "UVICORN_", "PYTHON")) and name != "PORT"
    }
    return {
        **inherited,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", "")]),
        "CURL_HOME": str(folder),
        "TASKHARBOR_LOG_FORMAT": "console",  # as on a terminal
        # Without the option pytest-asyncio prints advice about the settings of the reader's project.
        "PYTEST_ADDOPTS": "-o asyncio_default_fixture_loop_scope=function -p fewer_examples -p no:cacheprovider "
        "-p pytest_asyncio.plugin",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # a reader has none of our other plugins
        "PYTHONPATH": str(folder),
        "XDG_CONFIG_HOME": ".config",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
