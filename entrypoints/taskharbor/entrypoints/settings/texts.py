"""What the text of a variable stands for, before its type is checked."""

from collections.abc import Callable


def lower_case(value: object) -> object:
    """Return text in lower case."""
    return value.lower() if isinstance(value, str) else value


def comma_separated(value: object) -> object:
    """Return the parts of a text between its commas, without those that are empty."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def none_if(word: str) -> Callable[[object], object]:
    """Return a function that takes this word, in either case, for None."""
    return lambda value: None if isinstance(value, str) and value.lower() == word else value
