"""Reading plain data, as it comes from JSON, into the types that the value objects are made of.

Every error names the place, such as `due.timeZone` or `reminders[3].offset`. No error repeats more than a few
characters of what was sent.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

from taskharbor.domain.errors import InvalidValue

_LONGEST_ECHO: Final = 40


def object_from(field: str, value: object, allowed: Collection[str]) -> Mapping[str, object]:
    """Return `value` as an object that has no members but the allowed ones.

    Raises:
        InvalidValue: for `field`, or for the unknown member.
    """
    if not isinstance(value, (dict, Mapping)):  # what comes from JSON is known at the first look
        raise InvalidValue(field, f"must be an object with {_listed(allowed)}")
    members = cast("Mapping[object, object]", value)
    for name in members:
        if name not in allowed:
            raise InvalidValue(f"{field}.{str(name)[:_LONGEST_ECHO]}", f"is not recognized: {_listed(allowed)} are")
    return cast("Mapping[str, object]", members)


def list_from(field: str, value: object, *, most: int) -> Sequence[object]:
    """Return `value` as a list of at most `most` items.

    Raises:
        InvalidValue: for `field`.
    """
    if not isinstance(value, list | tuple):
        raise InvalidValue(field, "must be a list")
    items = cast("Sequence[object]", value)
    if len(items) > most:
        raise InvalidValue(field, f"must have at most {most} items, has {len(items)}")
    return items


def string_from(field: str, value: object) -> str:
    """Return `value` as a string.

    Raises:
        InvalidValue: for `field`.
    """
    if not isinstance(value, str):
        raise InvalidValue(field, "must be a string")
    return value


def integer_from(field: str, value: object, *, least: int, most: int) -> int:
    """Return `value` as an integer from `least` to `most`. Neither true nor 5.0 is one.

    Raises:
        InvalidValue: for `field`.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidValue(field, f"must be an integer from {least} to {most}")
    return int(value)


def boolean_from(field: str, value: object) -> bool:
    """Return `value` as a boolean. Neither 1 nor "true" is one.

    Raises:
        InvalidValue: for `field`.
    """
    if not isinstance(value, bool):
        raise InvalidValue(field, "must be true or false")
    return value


def choice_from(field: str, value: object, choices: Collection[str]) -> str:
    """Return `value` as one of a few words.

    Raises:
        InvalidValue: for `field`.
    """
    if not isinstance(value, str) or value not in choices:
        raise InvalidValue(field, f"must be one of {_listed(choices)}")
    return value


def _listed(names: Collection[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
