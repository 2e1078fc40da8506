"""Frozen data classes with slots that share the methods for which they need no code of their own.

Python 3.11 compiles six methods for a frozen data class, each by itself, which takes a third of a millisecond: for the
250 that a program loads, that was half of its start. Here three of the six are written once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[Any] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a class what `dataclass(frozen=True, slots=True)` makes it."""

    def make(plain: type[Any]) -> type[Any]:
        for name, method in _SHARED.items():
            if name not in vars(plain):
                setattr(plain, name, method)
        return dataclass(frozen=True, slots=True, kw_only=kw_only, eq=False, repr=False)(plain)

    return make if cls is None else make(cls)


def _equals(self: Any, other: object) -> object:  # noqa: ANN401  # an instance of any of them
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _values_of(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:  # noqa: ANN401  # as above
    return hash(_values_of(self.__class__)(self))


def _repr(self: Any) -> str:  # noqa: ANN401  # as above
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"


_VALUES: Final[dict[Any, Callable[[object], tuple[object, ...]]]] = {}


def _values_of(cls: type[Any]) -> Callable[[object], tuple[object, ...]]:
    """Return a function that returns what is compared of an instance."""
    found = _VALUES.get(cls)
    if found is None:
        found = _VALUES[cls] = _getter_of([each.name for each in fields(cls) if each.compare])
    return found


def _getter_of(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    only = attrgetter(*names)  # which returns the value itself
    return lambda instance: (only(instance),)


_SHARED: Final[dict[str, Any]] = {"__eq__": _equals, "__hash__": _hash, "__repr__": _repr}
