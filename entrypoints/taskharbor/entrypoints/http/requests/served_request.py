"""Requests whose body nobody else has read."""

from starlette.requests import ClientDisconnect, Request


class ServedRequest(Request):
    """A request that comes straight from the server: no dependency of a host app has had its body.

    So its messages can be taken as they come. Starlette's `stream` is an asynchronous generator, of which the event
    loop keeps a record: to make a request and read a short body takes 2.0 microseconds of CPU with it, 1.1 without.
    """

    async def piece(self) -> tuple[bytes, bool]:
        """Return the next piece of the body, and whether more follow.

        Raises:
            ClientDisconnect: if the client has gone.
        """
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        return message.get("body", b""), message.get("more_body", False)
