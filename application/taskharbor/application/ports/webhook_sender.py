"""The port for requests to the endpoints of webhooks."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final, Protocol

from taskharbor.application.errors import MissingDependency
from taskharbor.domain.frozen import frozen


@frozen(kw_only=True)
class WebhookAnswer:
    """What became of a request.

    Attributes:
        status: the status code of the answer; None if there was none.
        error: why there was none, in a few words that name no address; None if there was one.
        retry_after: how many seconds the endpoint wants to be left alone, or None.
    """

    status: int | None = None
    error: str | None = None
    retry_after: float | None = None


def is_success(status: int | None) -> bool:
    """Return whether an endpoint that answers with this status has taken the message (RFC 9110 section 15.3)."""
    return status is not None and 200 <= status < 300  # noqa: PLR2004


class WebhookSender(Protocol):
    """Sends requests to public addresses only, unless it is set up otherwise."""

    @abstractmethod
    async def refusal_of(self, url: str) -> str | None:
        """Return why no request may go to this URL, or None if one may, for all that can be said now."""
        ...

    @abstractmethod
    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Make a POST request, to an address that was checked, and do not follow redirects.

        It ends within 15 seconds, whatever the endpoint does.
        """
        ...

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of connections and threads."""
        ...


class NoWebhookSender(WebhookSender):
    """Sends nothing."""

    async def refusal_of(self, url: str) -> str | None:  # noqa: ARG002  # that of the port
        """Raise the error.

        Raises:
            MissingDependency: always.
        """
        raise _MISSING

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:  # noqa: ARG002
        """Raise the error.

        Raises:
            MissingDependency: always.
        """
        raise _MISSING

    async def aclose(self) -> None:
        """Do nothing."""


_MISSING: Final = MissingDependency("httpx", purpose="to call webhooks", extra="webhooks")
