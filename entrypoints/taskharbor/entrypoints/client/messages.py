"""What is sent to a server, and what comes back."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.client.problems import Asked


@frozen(kw_only=True)
class Request:
    """A request.

    Attributes:
        method: that of HTTP.
        path: below the workspace, such as `/tasks/7`.
        asked: what errors say of it.
        query: parameters; those that are None are left out.
        body: the JSON to send, or the pieces of a file; None for nothing.
        headers: further headers.
        key: the idempotency key of a change; None for a new one.
        has_key: whether the server takes one for this. What it does not is sent again only if it was not begun.
    """

    method: str
    path: str
    asked: Asked
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    key: str | None = None
    has_key: bool = True


@frozen
class Reply:
    """What a server has answered."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever it is
        """The body."""
        return json.loads(self.body)

    @property
    def revision(self) -> int:
        """The revision in the ETag."""
        return int(self.headers["etag"].strip('"').partition("-")[0])

    @property
    def next(self) -> Mapping[str, str]:
        """The parameters of the link to the next page; empty on the last one."""
        return _parameters_of(self.headers.get("link", "").partition("<")[2].partition(">")[0])

    @property
    def located(self) -> Mapping[str, str]:
        """The parameters of the URL that stands for what was answered (RFC 9110 section 8.7)."""
        return _parameters_of(self.headers.get("content-location", ""))


def next_after(reply: Reply) -> int | None:
    """Return the id after which the next page begins, or None on the last one."""
    after = reply.next.get("after")
    return None if after is None else int(after)


def _parameters_of(target: str) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
