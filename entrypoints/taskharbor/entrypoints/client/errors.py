"""What can go wrong between a client and its server."""

from taskharbor.application.errors import StoreUnavailable
from taskharbor.domain.errors import TaskharborError


class ServerUnreachable(StoreUnavailable):
    """The server cannot be reached, or does not answer as a server of Taskharbor does.

    A change may or may not have been made. Repeat it with an `idempotency_key`, and it is made once.
    """

    def __init__(self, url: str, reason: str) -> None:
        TaskharborError.__init__(self, f"The server at {url} cannot be used: {reason}")
        self.url = url
        self.reason = reason


class RequestRefused(TaskharborError):
    """The server refuses a request for a reason that only servers have, such as a token that has expired.

    Attributes:
        status: the HTTP status code; 401 and 403 are about the token.
        code: what the server calls the reason.
        detail: the server's sentence.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code  # type: ignore[misc]  # that of the server, for all of which this class stands
        self.detail = detail


class NotServed(TaskharborError):
    """The call is only for programs that embed Taskharbor: no operation of the HTTP API does it."""

    code = "not_served"

    def __init__(self, call: str, remedy: str) -> None:
        super().__init__(f"A server does not offer {call}: {remedy}")
        self.call = call
