"""What the values of an app are expected to be: one that is something else is kept, and said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from taskharbor.adapters.interchange.apps.values import day_in, instant_in, list_in, object_in, text_in, zone_in

Expected: TypeAlias = Callable[[object], str | None]
"""Says why a value is not what it should be; None if it is."""

Members: TypeAlias = Mapping[str, Expected]

_ABSENT: Final[tuple[object, ...]] = (None, "", [], {})


def unexpected(said: Mapping[str, object], members: Members) -> Iterator[tuple[str, object, str]]:
    """Yield the members that are not what they should be, with what they are and why not. They may be absent."""
    for name, expected in members.items():
        value = said.get(name)
        if value not in _ABSENT and not (isinstance(value, str) and not value.strip()):
            reason = expected(value)
            if reason is not None:
                yield name, value, reason


def text(value: object) -> str | None:
    """Expect a text; a whole number is one, too."""
    return None if isinstance(value, str) or text_in(value) else "it is no text"


def texts(value: object) -> str | None:
    """Expect a list of texts."""
    return "it is no list of texts" if not isinstance(value, list) or any(map(text, list_in(value))) else None


def flag(value: object) -> str | None:
    """Expect true or false."""
    return None if isinstance(value, bool) else "it is neither true nor false"


def number(value: object) -> str | None:
    """Expect a number."""
    return None if isinstance(value, int | float) and not isinstance(value, bool) else "it is no number"


def digits(value: object) -> str | None:
    """Expect a whole number, as it is or as text."""
    return None if text_in(value).strip().removeprefix("-").isdecimal() else "it is no whole number"


def instant(value: object) -> str | None:
    """Expect an instant."""
    return "it is no date and time" if instant_in(value) is None else None


def day(value: object) -> str | None:
    """Expect a date."""
    return "it is no date" if day_in(value) is None else None


def time_zone(value: object) -> str | None:
    """Expect the name of a time zone."""
    return "it is no time zone that is known here" if zone_in(value) is None else None


def one_of(*values: str) -> Expected:
    """Expect one of some texts, in whatever case."""
    known = {value.lower() for value in values}
    said = f"it is none of {', '.join(values[:-1])} and {values[-1]}"
    return lambda value: None if isinstance(value, str) and value.strip().lower() in known else said


def an_object(members: Members) -> Expected:
    """Expect an object with such members."""

    def expected(value: object) -> str | None:
        if not isinstance(value, Mapping):
            return "it is no object"
        return next((f"its {name}: {reason}" for name, _, reason in unexpected(object_in(value), members)), None)

    return expected


def objects(members: Members, *, having: str | None = None) -> Expected:
    """Expect a list of objects with such members, one of which none may lack."""
    each = an_object(members)

    def expected(value: object) -> str | None:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return "it is no list"
        for item in list_in(value):
            lacks = having is not None and not object_in(item).get(having)
            if (reason := each(item) or (f"it has no {having}" if lacks else None)) is not None:
                return f"one of them: {reason}"
        return None

    return expected
