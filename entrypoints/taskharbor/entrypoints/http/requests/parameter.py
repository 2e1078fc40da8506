"""A parameter in the path, the query or a header: it reads itself off a request, and describes itself in OpenAPI.

Anything that is not known is refused, and a number has one spelling.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Scope

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.values.time_zone import time_zone_from
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.validation import encodable, named

T = TypeVar("T")

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_ID: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)

# What the article's app reads as a truth value.
_TRUE: Final = frozenset({"true", "1", "t", "yes", "y", "on"})
_FALSE: Final = frozenset({"false", "0", "f", "no", "n", "off"})


@frozen(kw_only=True)
class Parameter(Generic[T]):
    """One parameter of one or several operations.

    Attributes:
        name: what callers write.
        schema: its JSON schema.
        description: what it means to callers.
        parse: makes its value of the text of a caller and of the place where that is, such as `query.limit`. Raises
            `InvalidRequest`.
        where: in what part of a request it is.
        example: a text or number that callers could send, or None.
        is_required: whether it cannot be left out.
    """

    name: str
    schema: Schema
    description: str
    parse: Callable[[str, str], T]
    where: Literal["path", "query", "header"] = "query"
    example: object = None
    is_required: bool = False

    def as_json(self) -> Schema:
        """Return the Parameter Object of OpenAPI 3.1."""
        described: Schema = {
            "name": self.name,
            "in": self.where,
            "description": self.description,
            "schema": self.schema,
        }
        if self.example is not None:
            described["example"] = self.example
        return described | {"required": True} if self.is_required else described

    def in_path_of(self, request: Request) -> T:
        """Return its value.

        Raises:
            InvalidRequest: if it cannot have this one.
        """
        return self.parse(request.path_params[self.name], f"path.{self.name}")


def read_query(scope: Scope, *parameters: Parameter[Any]) -> dict[str, Any]:
    """Return the values of the query parameters that are there, by their names.

    Raises:
        InvalidRequest: if one is unknown, given twice, missing, or not what it must be.
    """
    if not scope["query_string"]:
        for parameter in parameters:
            if parameter.is_required:
                break
        else:
            return {}
    known = {parameter.name: parameter for parameter in parameters}
    found = texts_of(scope, tuple(known))
    for name, parameter in known.items():
        if parameter.is_required and name not in found:
            raise InvalidRequest.at(f"query.{name}", "is required", code="missing")
    values: dict[str, Any] = {}
    places: list[ErrorDetail] = []
    for name, text in found.items():
        try:
            values[name] = known[name].parse(text, f"query.{name}")
        except InvalidRequest as wrong:
            places += wrong.places
    if places:
        raise InvalidRequest(places)
    return values


def refuse_query(scope: Scope) -> None:
    """Make sure that there are no query parameters.

    Raises:
        InvalidRequest: if there are.
    """
    if scope["query_string"]:
        texts_of(scope, ())


def texts_of(scope: Scope, known: tuple[str, ...]) -> dict[str, str]:
    """Return the query parameters as they are.

    Raises:
        InvalidRequest: if one is unknown, given more than once, or not UTF-8.
    """
    text = scope["query_string"].decode("utf-8", "surrogateescape")
    pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    found = dict(pairs)
    # As almost all are: what is wrong with others takes 3 microseconds more to find out.
    if len(found) == len(pairs) and found.keys() <= set(known) and "".join(found.values()).isascii():
        return found
    places = [
        ErrorDetail(location=f"query.{named(name)}", message="is not a parameter of this operation", code="unknown")
        for name in found
        if name not in known
    ]
    names = [name for name, _ in pairs if name in known]
    places += [
        ErrorDetail(location=f"query.{name}", message="must be given once", code="duplicate")
        for name in known
        if names.count(name) > 1
    ]
    places += [
        ErrorDetail(location=f"query.{named(name)}", message="must be UTF-8", code="invalid_value")
        for name, value in found.items()
        if encodable(value) != value
    ]
    if places:
        raise InvalidRequest(places)
    return found


def text(text: str, _: str) -> str:
    """Take any text."""
    return text


def integer(text: str, location: str) -> int:
    """Read a number in decimal digits."""
    if _INTEGER.fullmatch(text):
        return int(text)
    raise InvalidRequest.at(location, "must be an integer", code="wrong_type")


def identifier(text: str, location: str) -> int:
    """Read an id or a revision, which is at least 1."""
    if _ID.fullmatch(text) and (found := int(text)) <= MAX_ID:
        return found
    raise InvalidRequest.at(location, f"must be an integer from 1 to {MAX_ID}", code="invalid_value")


def boolean(text: str, location: str) -> bool:
    """Read a truth value."""
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise InvalidRequest.at(location, "must be true or false", code="wrong_type")


def one_of(choices: Sequence[str]) -> Callable[[str, str], str]:
    """Read one of a few words."""

    def parse(text: str, location: str) -> str:
        if text in choices:
            return text
        raise InvalidRequest.at(location, f"must be one of {', '.join(choices)}", code="invalid_value")

    return parse


def time_zone(text: str, location: str) -> str:
    """Read the IANA name of a zone."""
    try:
        return time_zone_from(location, text)
    except InvalidValue as invalid:
        raise InvalidRequest.at(location, invalid.reason, code=invalid.code) from None
