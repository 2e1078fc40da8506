"""From what pydantic finds wrong with a body to places that callers understand."""

from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from taskharbor.entrypoints.http.request_errors import InvalidRequest, Place

T = TypeVar("T")

_LONGEST_NAME: Final = 64

_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown", "is not known here"),
    "dict_type": ("wrong_type", "must be a JSON object"),
    "string_type": ("wrong_type", "must be a string"),
    "string_unicode": ("invalid_value", "must not contain a lone surrogate"),
    "bool_type": ("wrong_type", "must be true or false"),
}


def validated(adapter: TypeAdapter[T], value: object, *, not_yours: Mapping[str, str]) -> T:
    """Return `value` as `adapter` reads it.

    `not_yours` says of known keys why they cannot be given here.

    Raises:
        InvalidRequest: with everything that is wrong.
    """
    try:
        found: T = adapter.validator.validate_python(value)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidRequest([_place_of(error, not_yours) for error in errors]) from None
    return found


def named(key: object) -> str:
    """Return a key as an answer can hold it: short, and in UTF-8 whatever the caller sent."""
    text = str(key).encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}..."


def _place_of(error: ErrorDetails, not_yours: Mapping[str, str]) -> Place:
    key = error["loc"][0] if error["loc"] else None
    location = "body" if key is None else f"body.{named(key)}"
    if error["type"] == "extra_forbidden" and key in not_yours:
        return Place(location=location, message=not_yours[str(key)], code="read_only")
    fallback = ("invalid_value", error["msg"].replace("Input should", "must"))
    code, message = _PHRASES.get(error["type"], fallback)
    return Place(location=location, message=message, code=code)
