"""The parts of the OpenAPI description that FastAPI cannot read off an endpoint which reads its request itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from pydantic import TypeAdapter

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.http.requests.errors import (
    CrossOriginRefused,
    HeadersTooLarge,
    HostNotServed,
    NotAcceptable,
    Overloaded,
    RateLimited,
    RequestLineTooLong,
    RequestTooSlow,
    TooManyFailures,
    UnexpectedFailure,
)
from taskharbor.entrypoints.http.responses.problem_types import problem_type_of
from taskharbor.entrypoints.http.responses.problems import PROBLEM_JSON, Problem, problem_of
from taskharbor.entrypoints.settings.rate import Rate

Json = dict[str, Any]

_BEFORE_ANY_OPERATION: Final = (
    NotAcceptable((b"gzip",)),
    RequestTooSlow(),
    RequestLineTooLong(65_536),
    HeadersTooLarge(65_536, 100),
    HostNotServed(),
    CrossOriginRefused(),
    RateLimited("caller", Rate(600, 60), 12),
    TooManyFailures("address", Rate(20, 60), 12),
    UnexpectedFailure(),
    Overloaded(),
)

ETAG: Final[Json] = {
    "ETag": {"description": "The entity tag of this state.", "schema": {"type": "string"}, "example": '"7"'}
}
LOCATION: Final[Json] = {
    "Location": {"description": "The path of the task.", "schema": {"type": "string"}, "example": "/tasks/42"}
}
LINK: Final[Json] = {
    "Link": {
        "description": 'The next page, with rel="next" (RFC 8288). The last page has none.',
        "schema": {"type": "string"},
        "example": '</tasks/?after=42&limit=10>; rel="next"',
    }
}


def answer(description: str, *, headers: Json | None = None, example: object = None) -> Json:
    """Describe an answer that is no problem."""
    found: Json = {"description": description}
    if headers:
        found["headers"] = headers
    if example is not None:
        found["content"] = {"application/json": {"example": example}}
    return found


def deleted(model: type[object], example: object) -> Json:
    """Describe the answer with what was deleted."""
    return answer("What was deleted, if preferred", headers=ETAG, example=example) | {"model": model}


@frozen
class RequestBody:
    """A request body, whose schema is made when it is asked for: only the document shows it."""

    adapter: TypeAdapter[Any] | Callable[[], TypeAdapter[Any]]
    media_types: Sequence[str]
    examples: Mapping[str, object]
    required: bool = field(kw_only=True)

    def as_json(self) -> Json:
        """Describe it."""
        adapter = self.adapter if isinstance(self.adapter, TypeAdapter) else self.adapter()
        content = {
            "schema": adapter.json_schema(),
            "examples": {name: {"value": value} for name, value in self.examples.items()},
        }
        return {"required": self.required, "content": dict.fromkeys(self.media_types, content)}


def problems(*errors: TaskharborError) -> dict[int | str, Json]:
    """Describe the answers to these errors, each with its problem document as an example."""
    found: dict[int | str, Json] = {}
    for error in errors:
        if kind := problem_type_of(error):
            problem = problem_of(error, kind)
            example = {"value": problem.model_dump(exclude_none=True)}
            described = found.setdefault(
                kind.status,
                {
                    "description": kind.title,
                    "model": Problem,
                    "content": _ProblemContent({PROBLEM_JSON: {"examples": {}}}),
                },
            )
            described["content"][PROBLEM_JSON]["examples"][problem.code] = example
    return found


def other_problems() -> dict[int | str, Json]:
    """Describe what any request may be answered with before its operation is asked, or instead of it."""
    described: Json = {
        "description": "Any other problem: the request, the caller or the server could not let the operation be asked",
        "model": Problem,
        "content": _ProblemContent({PROBLEM_JSON: {"examples": {}}}),
    }
    for found in problems(*_BEFORE_ANY_OPERATION).values():
        described["content"][PROBLEM_JSON]["examples"] |= found["content"][PROBLEM_JSON]["examples"]
    return {"default": described}


class _ProblemContent(dict[str, Json]):
    """Files the schema of `model` under our media type: FastAPI would file it under that of the successful answer."""

    def setdefault(self, _media_type: str, default: Json) -> Json:
        return super().setdefault(PROBLEM_JSON, default)
