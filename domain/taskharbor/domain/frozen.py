"""Frozen data classes with slots that share the methods for which they need no code of their own.

Python 3.11 compiles six methods for a frozen data class, each by itself, which takes a third of a millisecond and 8 KB:
for the 250 that a program loads, that was half of its start. Here five of the six are written once,
and the constructor is compiled when it is first needed.

Python itself does not know that they are frozen: what inherits from one is made by `frozen`, too.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from itertools import pairwise
from operator import attrgetter
from types import MethodType
from typing import Any, Final, NoReturn, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[Any] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a class what `dataclass(frozen=True, slots=True)` makes it. All its fields are given to the constructor."""

    def make(plain: type[Any]) -> type[Any]:
        for name, method in _SHARED.items():
            if name not in vars(plain):
                setattr(plain, name, method)
        made = dataclass(slots=True, kw_only=kw_only, eq=False, repr=False, init=False)(plain)
        if "__init__" not in vars(made):
            _require_order(made)
            made.__init__ = _FirstConstructor(made)
        return made

    return make if cls is None else make(cls)


def _require_order(cls: type[Any]) -> None:
    by_place = [each for each in fields(cls) if not each.kw_only]
    for before, after in pairwise(by_place):
        if _default_of(before) is not MISSING and _default_of(after) is MISSING:
            raise TypeError(f"non-default argument {after.name!r} follows default argument")


class _FirstConstructor:
    """Stands for the constructor of a class until that is called or looked at, and is compiled.

    It takes 0.1 ms and a kilobyte for each of 220 classes, of which most programs make a few.
    """

    __slots__ = ("_cls",)

    def __init__(self, cls: type[Any]) -> None:
        self._cls = cls

    def __get__(self, instance: object, _owner: type[Any] | None = None) -> Callable[..., None]:
        constructor = self._cls.__init__ = _constructor_of(self._cls)
        return constructor if instance is None else MethodType(constructor, instance)


class _Made:
    """The default of a field that is made anew for each instance."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make

    def __repr__(self) -> str:
        return "<factory>"


def _constructor_of(cls: type[Any]) -> Callable[..., None]:
    given = fields(cls)
    parts: dict[str, Any] = {each.name: _default_of(each) for each in given if _default_of(each) is not MISSING}
    written = {each: f"{each.name}={each.name}" if each.name in parts else each.name for each in given}
    by_place = [written[each] for each in given if not each.kw_only]
    by_name = [written[each] for each in given if each.kw_only]
    # What a slot is set with is at hand: `object.__setattr__` would look for it each time, half as long again.
    names: dict[str, Any] = {"_Made": _Made} | {f"_set_{each.name}": getattr(cls, each.name).__set__ for each in given}
    lines = [f"_set_{each.name}(self, {_value_of(each)})" for each in given]
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}): {'; '.join(lines) or 'pass'}", names, parts)  # noqa: S102  # names of fields
    constructor: Callable[..., None] = parts["__init__"]
    constructor.__annotations__ = {each.name: each.type for each in given} | {"return": None}
    constructor.__module__, constructor.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return constructor


def _default_of(given: Field[Any]) -> object:
    return given.default if given.default_factory is MISSING else _Made(given.default_factory)


def _value_of(given: Field[Any]) -> str:
    name = given.name
    return name if given.default_factory is MISSING else f"{name}.make() if {name}.__class__ is _Made else {name}"


def _equals(self: Any, other: object) -> object:  # noqa: ANN401  # an instance of any of them
    cls = self.__class__
    if other.__class__ is not cls:
        return NotImplemented
    values = _VALUES.get(cls) or _values_of(cls)
    return values(self) == values(other)


def _hash(self: Any) -> int:  # noqa: ANN401  # as above
    cls = self.__class__
    return hash((_VALUES.get(cls) or _values_of(cls))(self))


def _repr(self: Any) -> str:  # noqa: ANN401  # as above
    cls = self.__class__
    names = _SHOWN.get(cls)
    if names is None:
        names = _SHOWN[cls] = [each.name for each in fields(cls) if each.repr]
    return f"{cls.__qualname__}({', '.join([f'{name}={getattr(self, name)!r}' for name in names])})"


def _refuse_to_set(_self: Any, name: str, _value: object) -> NoReturn:  # noqa: ANN401  # as above
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> NoReturn:  # noqa: ANN401  # as above
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:  # noqa: ANN401  # as above
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[object]) -> None:  # noqa: ANN401  # as above
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_SHOWN: Final[dict[Any, list[str]]] = {}
_VALUES: Final[dict[Any, Callable[[object], tuple[object, ...]]]] = {}


def _values_of(cls: type[Any]) -> Callable[[object], tuple[object, ...]]:
    """Return a function that returns what is compared of an instance, and keep it."""
    found = _VALUES[cls] = _getter_of([each.name for each in fields(cls) if each.compare])
    return found


def _getter_of(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    only = attrgetter(*names)  # which returns the value itself
    return lambda instance: (only(instance),)


_SHARED: Final[dict[str, Any]] = {
    "__eq__": _equals,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
