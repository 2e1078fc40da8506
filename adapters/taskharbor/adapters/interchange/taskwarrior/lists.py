"""Lists of Taskwarrior: before 2.6 texts with commas, in 2.6.0 the text of an array."""

import json
from typing import Any

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from


def texts_from(name: str, value: object) -> list[str]:
    """Return the texts of an attribute.

    Raises:
        InvalidValue: for the attribute.
    """
    return [string_from(name, item) for item in items_from(name, value)]


def items_from(name: str, value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    """Return the items of an attribute.

    Raises:
        InvalidValue: for the attribute.
    """
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise InvalidValue(name, "must be a list") from None
    if isinstance(value, str):
        return [item for item in value.split(",") if item]
    if value is not None and not isinstance(value, list):
        raise InvalidValue(name, "must be a list")
    return value or []
