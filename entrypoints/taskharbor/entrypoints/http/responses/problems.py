"""Errors as problem documents (RFC 9457)."""

from typing import Any, Final

from pydantic import BaseModel, Field

from taskharbor.application.errors import (
    BatchRefused,
    ListPreconditionFailed,
    PermissionDenied,
    PreconditionFailed,
    Unauthenticated,
)
from taskharbor.application.interchange.import_report import ImportRefused
from taskharbor.application.search.change_matching import MatchRefused, TooManyMatches
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.entrypoints.http.requests.errors import (
    ErrorDetail,
    InvalidRequest,
    MethodNotAllowed,
    NoneMatchFailed,
    RateLimited,
    UnsupportedMediaType,
)
from taskharbor.entrypoints.http.requests.validation import encodable
from taskharbor.entrypoints.http.responses.problem_types import ProblemType, problem_type_of

PROBLEM_JSON: Final = "application/problem+json"

MAX_PLACES: Final = 20
"""How many errors a response lists at most."""


class ProblemPlace(BaseModel):
    """One thing that is wrong with a request."""

    location: str = Field(
        description="`body.<key>`, `query.<name>` or `path.<name>`; just `body` or `query` for all of it. It can be "
        "nested: `body.due.timeZone`, `body.commands[17].tags[3]`",
        examples=["body.title"],
    )
    message: str = Field(description="What is wrong, for people.", examples=["is required"])
    code: str = Field(description="What is wrong, for programs; stable.", examples=["missing"])
    column: int | None = Field(
        default=None, description="For a filter: the position in its text, in characters from 1.", examples=[17]
    )


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    type: str = Field(description="A URI that identifies the problem type.")
    title: str = Field(description="The problem type, for people.")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="A sentence about this occurrence.")
    code: str = Field(description="The problem type, for programs; stable.")
    values: dict[str, Any] | None = Field(
        default=None, description="What the sentence is about, for programs, such as `task_id`; depends on the code."
    )
    errors: list[ProblemPlace] | None = Field(
        default=None,
        description=f"For `invalid_value`, and for every error of a batch: at most {MAX_PLACES} entries.",
    )


_HOOKS: Final = frozenset({"workspace", "actor"})
"""Values that come from the app that mounts the API, not from the request."""

_QUERY: Final = frozenset(
    {"limit", "skip", "after", "since", "as_of", "from", "to", "occurrence", "move_to", "tasks", "format", "wait"}
    | {"without_export"}
)


def problem_of(error: TaskharborError, kind: ProblemType) -> Problem:
    """Return the problem document of `error`, which is of this `kind`."""
    places = _places_of(error, "body")
    code = _code_of(error)
    return Problem(
        type=f"urn:taskharbor:problem:{code}",
        title=kind.title,
        status=kind.status,
        detail=encodable(_detail_of(error, kind)),
        code=code,
        values=_values_of(error, kind),
        errors=[
            ProblemPlace(
                location=encodable(place.location),
                message=encodable(place.message),
                code=place.code,
                column=place.column,
            )
            for place in places[:MAX_PLACES]
        ]
        or None,
    )


def problem_for(error: TaskharborError) -> Problem:
    """Return the problem document of `error`.

    Raises:
        TaskharborError: the error itself, if it has no problem type.
    """
    kind = problem_type_of(error)
    if kind is None:
        raise error
    return problem_of(error, kind)


def headers_of(error: TaskharborError, kind: ProblemType) -> list[tuple[bytes, bytes]]:
    """Return the headers that go with `error`."""
    headers = []
    if kind.retry_after is not None:
        headers.append((b"retry-after", b"%d" % kind.retry_after))
    if isinstance(error, PreconditionFailed | ListPreconditionFailed | NoneMatchFailed):
        headers.append((b"etag", b'"%d"' % error.current))
    elif isinstance(error, Unauthenticated | PermissionDenied):
        headers.append((b"www-authenticate", _challenge(error)))
    elif isinstance(error, RateLimited):
        headers.append((b"retry-after", b"%d" % error.retry_after))
    elif isinstance(error, MethodNotAllowed):
        headers.append((b"allow", error.allowed.encode()))
    elif isinstance(error, UnsupportedMediaType):
        headers.append((b"accept", error.accepted.encode()))
    return headers


def _challenge(error: Unauthenticated | PermissionDenied) -> bytes:
    """Return what RFC 6750 section 3 wants to be said. It does not say what is wrong with a token."""
    if isinstance(error, Unauthenticated):
        invalid = ', error="invalid_token"' if error.is_invalid else ""
        known = error.resource_metadata
        where = "" if known is None else f', resource_metadata="{known}"'
        return f'Bearer realm="taskharbor"{invalid}{where}'.encode()
    scope = f', scope="{error.needed}"'.encode() if " " not in error.needed else b""
    return b'Bearer realm="taskharbor", error="insufficient_scope"' + scope


def _values_of(error: TaskharborError, kind: ProblemType) -> dict[str, Any] | None:
    while isinstance(error, BatchRefused | MatchRefused):
        error = error.refusal
    return {name: getattr(error, name) for name in kind.values} or None


def _code_of(error: TaskharborError) -> str:
    return _code_of(error.refusal) if isinstance(error, BatchRefused | MatchRefused) else error.code


def _detail_of(error: TaskharborError, kind: ProblemType) -> str:
    if isinstance(error, BatchRefused):
        return f"Command {error.place} was refused: {_detail_of(error.refusal, kind)}"
    if isinstance(error, MatchRefused):
        return f"Task {error.task_id} rejected the change, so no task was changed: {kind.detail or error.refusal}"
    return kind.detail or str(error)


def _refused_places(error: ImportRefused, at: str) -> list[ErrorDetail]:
    problems = error.report.problems
    return [ErrorDetail(location=f"{at}: {each.place}", message=each.message, code=error.code) for each in problems]


def _places_of(error: TaskharborError, at: str) -> list[ErrorDetail]:  # noqa: PLR0911  # one for each sort of error
    if isinstance(error, BatchRefused):
        there = f"{at}.commands[{error.place}]"
        whole = ErrorDetail(location=there, message=str(error.refusal), code=_code_of(error))
        return _places_of(error.refusal, there) or [whole]
    if isinstance(error, ImportRefused):
        return _refused_places(error, at)
    if isinstance(error, InvalidRequest):
        return list(error.places)
    if isinstance(error, MatchRefused):
        return _places_of(error.refusal, f"{at}.changes")
    if isinstance(error, TooManyMatches):
        return [ErrorDetail(location=f"{at}.max_affected", message=f"is less than {error.matched}", code=error.code)]
    if isinstance(error, InvalidValue):
        in_query = at == "body" and error.field in _QUERY  # a command of a batch has no query
        where = "query." if in_query else "" if error.field in _HOOKS else f"{at}."
        column = error.column if isinstance(error, InvalidFilter) else None
        return [ErrorDetail(location=f"{where}{error.field}", message=error.reason, code=error.code, column=column)]
    return []
