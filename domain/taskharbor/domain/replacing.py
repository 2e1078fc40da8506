"""`dataclasses.replace` for records with many fields, in a third of its time.

That one reads the description of every field and calls the constructor, which a frozen class makes slow: of a task,
whose four copies are a tenth of what a create costs.
"""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar

T = TypeVar("T")

_Parts: TypeAlias = tuple[Callable[[Any], tuple[Any, ...]], tuple[Callable[[Any, Any], None], ...]]

_KNOWN: Final[dict[type, _Parts]] = {}


def replace(record: T, /, **changes: Any) -> T:  # noqa: ANN401  # as in dataclasses.replace
    """Return a copy of `record`, an instance of a frozen dataclass with slots and no `__post_init__`, with `changes`.

    Raises:
        AttributeError: if there is no such field.
    """
    cls = type(record)
    parts = _KNOWN.get(cls)
    if parts is None:
        parts = _KNOWN[cls] = _parts_of(cls)
    read, write = parts
    copy = object.__new__(cls)
    for put, value in zip(write, read(record), strict=True):
        put(copy, value)
    for name, value in changes.items():
        object.__setattr__(copy, name, value)
    return copy


def _parts_of(cls: type[Any]) -> _Parts:
    names = [field.name for field in fields(cls)]
    return attrgetter(*names), tuple([getattr(cls, name).__set__ for name in names])
