"""Requests whose body nobody else has read."""

from starlette.requests import Request


class ServedRequest(Request):
    """A request that comes straight from the server: no dependency of a host app has had its body.

    So its messages can be taken as they come.
    """
