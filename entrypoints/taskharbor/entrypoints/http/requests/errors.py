"""What the edge itself refuses, before any use case is asked."""

from collections.abc import Iterable, Sequence

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.settings.rate import Rate


@frozen(kw_only=True)
class ErrorDetail:
    """One thing that is wrong with a request.

    Attributes:
        location: where: `body.title`, `query.limit`, `path.task_id`; just `body` or `query` for all of it.
        message: what is wrong there. Never repeats a value.
        code: the same for programs.
        column: where in the text that is found there, in code points from 1; None if it is not about a part of it.
    """

    location: str
    message: str
    code: str
    column: int | None = None


class InvalidRequest(TaskharborError):
    """The request is understood, and some of its values cannot be accepted. `places` says which and why."""

    code = "invalid_value"

    def __init__(self, places: Sequence[ErrorDetail]) -> None:
        first = f"{places[0].location} {places[0].message}"
        super().__init__(first if len(places) == 1 else f"{len(places)} values are invalid; first: {first}")
        self.places = places

    @classmethod
    def at(cls, location: str, message: str, *, code: str) -> "InvalidRequest":
        """Return a refusal for a single reason."""
        return cls([ErrorDetail(location=location, message=message, code=code)])


class MalformedJson(TaskharborError):
    """The body is no JSON (RFC 8259)."""

    code = "malformed_json"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body is not valid JSON: {reason}")


class MalformedHeader(TaskharborError):
    """A header breaks the syntax that its standard gives it."""

    code = "malformed_header"

    def __init__(self, name: str, syntax: str) -> None:
        super().__init__(f"{name} must be {syntax}")


class NoneMatchFailed(TaskharborError):
    """If-None-Match names the ETag of what is to be changed (RFC 9110 section 13.1.2). `current` is its revision."""

    code = "precondition_failed"

    def __init__(self, current: int) -> None:
        super().__init__("If-None-Match names the current ETag, or is *")
        self.current = current


class ConditionFailed(TaskharborError):
    """If-Match or If-None-Match forbids to change what has no ETag (RFC 9110 sections 13.1.1 and 13.1.2)."""

    code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__("It has no ETag, so If-Match and If-None-Match can only say, with *, whether it must be there")


class BodyTooLarge(TaskharborError):
    """The body is longer than this server reads."""

    code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body must have at most {limit} bytes")


class UnsupportedMediaType(TaskharborError):
    """The body is in a format that this operation does not read. `accepted` are those that it does."""

    code = "unsupported_media_type"

    def __init__(self, accepted: Sequence[str]) -> None:
        super().__init__(f"The body must be {' or '.join(accepted)}, in UTF-8 and without Content-Encoding")
        self.accepted = ", ".join(accepted)


class NotAcceptable(TaskharborError):
    """The caller accepts no coding of the answer that there is, nor none. `codings` are those that there are."""

    code = "not_acceptable"

    def __init__(self, codings: Iterable[bytes]) -> None:
        there_are = ", ".join(coding.decode() for coding in codings)
        super().__init__(f"Accept-Encoding must allow identity or one of {there_are}")


class MalformedRequest(TaskharborError):
    """What came is no HTTP/1.1 (RFC 9112)."""

    code = "malformed_request"

    def __init__(self) -> None:
        super().__init__("The request is not valid HTTP")


class HostNotServed(TaskharborError):
    """The request is for another server (RFC 9110 section 15.5.20): perhaps a name that a page bent to this address."""

    code = "host_not_served"

    def __init__(self) -> None:
        super().__init__(
            "This server is not known by the name in Host; TASKHARBOR_ALLOWED_HOSTS can name others besides localhost"
        )


class NoWayIn(TaskharborError):
    """The request has come from elsewhere, and nobody signs in here."""

    code = "no_way_in"

    def __init__(self) -> None:
        super().__init__(
            "Nobody signs in here, so only this machine may call; TASKHARBOR_AUTH=required lets others in, and "
            "TASKHARBOR_INSECURE_NO_AUTH everyone"
        )


class CrossOriginRefused(TaskharborError):
    """A page of another site asks for a change."""

    code = "cross_origin"

    def __init__(self) -> None:
        super().__init__(
            "A page of another origin must not make changes here; TASKHARBOR_CORS_ORIGINS can name origins that may"
        )


class RateLimited(TaskharborError):
    """The caller has asked too often.

    Attributes:
        policy: which limit it is, as in `RateLimit-Policy`.
        retry_after: seconds until it may ask again.
    """

    code = "rate_limited"

    def __init__(self, policy: str, rate: Rate, retry_after: int) -> None:
        super().__init__(f"There were more than {rate}, the limit of each {policy}: wait {retry_after} seconds")
        self.policy = policy
        self.retry_after = retry_after


class TooManyFailures(RateLimited):
    """Too many wrong tokens or sign-ins came from this address."""

    code = "too_many_failures"


class RequestLineTooLong(TaskharborError):
    """The URL is longer than this server reads."""

    code = "uri_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The URL must have at most {limit} bytes, percent-encoded")


class HeadersTooLarge(TaskharborError):
    """The headers are longer, or more, than this server reads."""

    code = "headers_too_large"

    def __init__(self, limit: int, count: int) -> None:
        super().__init__(f"The headers must have at most {limit} bytes, and be at most {count}")


class RequestTooSlow(TaskharborError):
    """The rest of the request took too long to arrive."""

    code = "request_too_slow"

    def __init__(self) -> None:
        super().__init__("The rest of the request took too long to arrive")


class Overloaded(TaskharborError):
    """More requests have come than can be answered in time. This one was not begun."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__("The server has more requests than it can answer in time. This one was not begun: repeat it")


class ServerStopping(TaskharborError):
    """The server stops, and did not finish this request in the time that it had left."""

    code = "server_stopping"

    def __init__(self) -> None:
        super().__init__(
            "The server is stopping. The change may or may not have been made: check before you repeat it, "
            "unless it has an Idempotency-Key"
        )


class PathNotFound(TaskharborError):
    """Nothing is served at this path."""

    code = "path_not_found"

    def __init__(self) -> None:
        super().__init__("Nothing is served at this path")


class MethodNotAllowed(TaskharborError):
    """This path is served, and not with this method. `allowed` is the value of `Allow`."""

    code = "method_not_allowed"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This path supports {allowed}")
        self.allowed = allowed


class UnexpectedFailure(TaskharborError):
    """Something is broken in the server. The log says what; the response does not."""

    code = "unexpected_failure"

    def __init__(self) -> None:
        super().__init__("The server failed to handle this request; its log says why")
