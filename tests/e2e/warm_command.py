"""The command `taskharbor`, with all that a server needs imported, forked where a test starts a server.

To import it takes a server four fifths of the processor's time of its start, and there are a hundred servers.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Final

_COMMAND: Final = Path(sys.executable).with_name("taskharbor")
_OF_A_SERVER: Final = (
    "entrypoints.cli.running",
    "entrypoints.cli.serving",
    "entrypoints.http.app",
    "entrypoints.server.guarded_protocol",
    "entrypoints.server.eager_loop",
    "adapters.memory",
    "adapters.sqlalchemy.sqlite",
    "adapters.sqlalchemy.postgres",
)
_LONGEST: Final = 1 << 17
"""Bytes of a request: the arguments and the environment of a command."""


class ForkedProcess:
    """What a test asks of a `subprocess.Popen`, of a process that another one has forked.

    Attributes:
        pid: also the number of its group, as if it had been started in a session of its own.
        stdout: what it writes, on both streams.
    """

    def __init__(self, stdout: IO[str], ended: IO[str]) -> None:
        """Take the other end of its output, and that on which its number is written, and its exit code in the end."""
        self.stdout = stdout
        self.pid = int(ended.readline())
        self._ended = ended
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._code if self._code is not None or not _is_readable(self._ended, 0) else self.wait()

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            if not _is_readable(self._ended, timeout):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self._code = int(self._ended.readline())
            self._ended.close()
        return self._code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended, and we are about to be told
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class WarmCommand:
    """A process that has imported the command, and forks it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, __file__, str(number)]
            # A session of its own: Ctrl+C in the terminal ends the tests, and the tests end it.
            self._process = subprocess.Popen(command, env=environment, pass_fds=[number], start_new_session=True)

    def start(self, folder: Path, environment: Mapping[str, str], *arguments: str) -> ForkedProcess:
        """Start the command in a folder."""
        request = json.dumps([str(folder), dict(environment), [str(_COMMAND), *arguments]]).encode()
        with ExitStack() as its_ends:
            (output, its_output), (ended, its_end) = os.pipe(), os.pipe()
            for each in (its_output, its_end):
                its_ends.callback(os.close, each)
            socket.send_fds(self._ours, [request], [its_output, its_end])
        return ForkedProcess(open(output), open(ended))  # noqa: PTH123  # they have no path, and are used on

    def close(self) -> None:
        self._ours.close()
        self._process.wait()


def _is_readable(file: IO[str], timeout: float | None) -> bool:
    return bool(select.select([file], [], [], timeout)[0])


def _fork_on_request(control: socket.socket) -> None:
    """Return in each process that shall be the command, and in none other."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those between
    while True:
        request, descriptors, *_ = socket.recv_fds(control, _LONGEST, 2)
        if not request:
            sys.exit()
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become(*json.loads(request), *descriptors)
            return
        for each in descriptors:
            os.close(each)


def _become(folder: str, environment: dict[str, str], arguments: list[str], output: int, ended: int) -> None:
    pid = os.fork()
    if pid:
        _tell_the_end_of(pid, ended)
    os.setpgid(0, 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, given in enumerate((nothing, output, output)):
        os.dup2(given, ours)
    for each in (nothing, output, ended):
        os.close(each)


def _tell_the_end_of(pid: int, ended: int) -> None:
    """Write the number of a process and, when it has ended, its exit code; then end, too."""
    for standard in range(3):  # whoever reads what it writes shall not wait for us
        os.close(standard)
    with suppress(OSError):  # it has ended
        os.setpgid(pid, pid)  # whichever of us is first
    os.write(ended, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(ended, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    from taskharbor.entrypoints.cli import main

    for each in _OF_A_SERVER:
        import_module(f"taskharbor.{each}")
    _fork_on_request(socket.socket(fileno=int(sys.argv[1])))
    main()
