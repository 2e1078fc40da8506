"""The front door for programs that use a server of Taskharbor: the calls of `Harbor`, over HTTP.

    async with connect("https://tasks.example.org", token="...") as harbor:
        task = await harbor.create_task(title="Water the plants")

What the calls take, return and raise is listed by `taskharbor.entrypoints.embedded`. Needs the extra `client`.
"""

from taskharbor.entrypoints.client.connecting import connect
from taskharbor.entrypoints.client.errors import NotServed, RequestRefused, ServerUnreachable

__all__ = ["NotServed", "RequestRefused", "ServerUnreachable", "connect"]
