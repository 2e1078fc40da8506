"""The sockets on which the server listens, taken before anything else is started."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.settings.loopback import is_loopback

BACKLOG: Final = 2048
"""How many connections may wait to be accepted; the system may allow fewer."""

_NOT_HERE: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@contextmanager
def listening(host: str, port: int, *, loopback_only: bool) -> Iterator[list[socket.socket]]:
    """Listen on every address of `host`: clients that connect from now on wait until the server is ready.

    Raises:
        CommandFailed: if the port is taken, the address is not of this machine, or one is not a loopback address
            although only those may be listened on.
    """
    with ExitStack() as stack:
        try:
            # Text is encoded by IDNA even where it is ASCII, which loads 0.3 MB of tables.
            name = host.encode() if host.isascii() else host
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            if loopback_only and not all(is_loopback(str(address[0])) for *_, address in found):
                raise CommandFailed(
                    f"{host} is not a loopback address, and whoever reaches it could read and change all tasks: have "
                    "callers sign in (TASKHARBOR_AUTH=required, then `taskharbor token create`), serve on 127.0.0.1 "
                    "behind a proxy that asks who they are, or say --insecure-no-auth",
                    exit_code=CommandFailed.USAGE,
                )
            sockets = _listen([(family, address) for family, _, _, _, address in found], port, stack)
        except OSError as refusal:
            # What getaddrinfo reports is no errno.
            known = refusal.errno in errno.errorcode
            reason = os.strerror(refusal.errno or 0) if known else str(refusal.strerror)
            raise CommandFailed(
                f"cannot listen on {host} port {port}: {reason.lower()}", exit_code=CommandFailed.SYSTEM
            ) from None
        yield sockets


def _listen(found: list[tuple[socket.AddressFamily, Any]], port: int, stack: ExitStack) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    refusal: OSError | None = None
    for family, address in dict.fromkeys(found):
        listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            # With port 0, all addresses take the port that the first one got.
            listener.bind((address[0], sockets[0].getsockname()[1] if sockets else port, *address[2:]))
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise
            refusal = error
        else:
            listener.listen(BACKLOG)
            sockets.append(listener)
    if not sockets and refusal is not None:
        raise refusal
    return sockets
