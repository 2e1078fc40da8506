"""From what pydantic finds wrong with a body to places that callers understand."""

import re
from collections.abc import Collection, Mapping
from typing import Final, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest

T = TypeVar("T")

_LONGEST_NAME: Final = 64
_MOST_MEMBERS: Final = 1000
_SUBJECT: Final = re.compile(r"^\w+ should")

_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown", "is not recognized"),
    "dict_type": ("wrong_type", "must be a JSON object"),
    "string_type": ("wrong_type", "must be a string"),
    "string_unicode": ("invalid_value", "must not contain a lone surrogate"),
    "bool_type": ("wrong_type", "must be true or false"),
    "int_type": ("wrong_type", "must be an integer"),
    "list_type": ("wrong_type", "must be a list"),
}


def validated(adapter: TypeAdapter[T], value: object, *, not_yours: Mapping[str, str], at: str = "body") -> T:
    """Return `value`, which is found `at` some place, as `adapter` reads it.

    `not_yours` says of known keys why they cannot be given here.

    Raises:
        InvalidRequest: with everything that is wrong.
    """
    if isinstance(value, dict) and len(cast("dict[object, object]", value)) > _MOST_MEMBERS:
        # Each unknown one would become an error of its own, and a large body has room for a million.
        raise InvalidRequest.at(at, f"must have at most {_MOST_MEMBERS} members", code="invalid_value")
    try:
        found: T = adapter.validator.validate_python(value)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidRequest([_place_of(error, not_yours, at) for error in errors]) from None
    return found


def require_something(changes: Collection[str], *, at: str = "body") -> None:
    """Make sure that a body, or what is found `at` some place, names something to change.

    Raises:
        InvalidRequest: if not.
    """
    if not changes:
        raise InvalidRequest.at(at, "must name at least one thing to change", code="missing")


def named(key: object) -> str:
    """Return a key as an answer can hold it: short, and in UTF-8 whatever the caller sent."""
    text = encodable(str(key))
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}..."


def encodable(text: str) -> str:
    """Return `text` without lone surrogates, which no answer can hold."""
    return text.encode("utf-8", "replace").decode()


def _place_of(error: ErrorDetails, not_yours: Mapping[str, str], at: str) -> ErrorDetail:
    key = error["loc"][0] if error["loc"] else None
    location = at if key is None else f"{at}.{named(key)}"
    if error["type"] == "extra_forbidden" and key in not_yours:
        return ErrorDetail(location=location, message=not_yours[str(key)], code="read_only")
    fallback = ("invalid_value", _SUBJECT.sub("must", error["msg"]).replace(" after validation", ""))
    code, message = _PHRASES.get(error["type"], fallback)
    return ErrorDetail(location=location, message=message, code=code)
