"""Finds out the addresses of hosts, in threads of its own."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Final

from taskharbor.adapters.webhooks.addresses import Address

_THREADS: Final = 16
"""How many names are looked up at the same time. They are begun when they are needed."""


class Resolver:
    """Asks the system. A name whose servers do not answer takes a thread for up to a minute: none that others need."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-names")

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a host.

        Raises:
            OSError: if it has none.
        """
        try:
            return [ip_address(host.partition("%")[0])]
        except ValueError:
            pass
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return list(dict.fromkeys(ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found))

    def close(self) -> None:
        """Begin no more look-ups."""
        self._threads.shutdown(wait=False, cancel_futures=True)
