"""Whatever `frozen` makes behaves as a frozen data class of the standard library."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from inspect import signature
from typing import Any

import pytest

from taskharbor.domain.frozen import frozen


class Plain:
    one: int
    two: str = "two"
    many: tuple[int, ...] = field(default=(), compare=False)
    secret: str = field(default="", repr=False)


class Fresh:
    one: list[int] = field(default_factory=list)
    two: int = field(default=2, kw_only=True)

    def __post_init__(self) -> None:
        self.one.append(self.two)


class Bare:
    pass


class Single:
    one: object


class Spoken:
    one: int

    def __repr__(self) -> str:
        return "spoken"


def both(plain: type) -> tuple[type, type]:
    """Return the class as the standard library makes it, and as we do."""
    return (
        dataclass(frozen=True, slots=True)(type(plain.__name__, (), dict(vars(plain)))),
        frozen(type(plain.__name__, (), dict(vars(plain)))),
    )


VALUES = [(1,), (2,), (1, "zwei"), (1, "two", (1,)), (1, "two", (), "secret"), (1.0,), ((1, 2),), ("1",)]
SINGLES = [(1,), ((1, 2),), ([],)]


@pytest.mark.parametrize(
    ("plain", "values"), [(Plain, VALUES), (Single, SINGLES[:2]), (Bare, [()]), (Spoken, [(1,), (2,)])]
)
def test_it_compares_hashes_and_shows_as_the_standard_library_does(plain, values):
    theirs, ours = both(plain)
    for one in values:
        assert repr(ours(*one)) == repr(theirs(*one)).replace(theirs.__qualname__, ours.__qualname__)
        assert hash(ours(*one)) == hash(theirs(*one))
        for other in values:
            assert (ours(*one) == ours(*other)) is (theirs(*one) == theirs(*other))


@pytest.mark.parametrize("plain", [Plain, Fresh, Single, Bare])
def test_it_is_called_as_the_standard_library_calls_it(plain):
    theirs, ours = both(plain)
    assert signature(ours).parameters.keys() == signature(theirs).parameters.keys()
    for name, given in signature(theirs).parameters.items():
        assert signature(ours).parameters[name].kind is given.kind
        assert signature(ours).parameters[name].annotation == given.annotation


def test_a_constructor_is_compiled_when_it_is_first_called_or_looked_at():
    called, seen = both(Plain)[1], both(Plain)[1]
    waiting = type(vars(called)["__init__"])
    assert isinstance(vars(seen)["__init__"], waiting)
    assert called(1) == called(one=1)
    assert seen.__init__.__qualname__ == "Plain.__init__"
    assert not isinstance(vars(called)["__init__"], waiting)
    assert not isinstance(vars(seen)["__init__"], waiting)


def test_what_inherits_calls_the_constructor_of_the_one_that_it_inherits_from():
    parent = both(Plain)[1]

    class Child(parent):
        __slots__ = ()

    assert Child(1, "zwei").two == "zwei"
    assert parent(1).two == "two"


def test_what_is_made_for_each_is_made_anew_and_before_it_looks_at_itself():
    ours = both(Fresh)[1]
    assert ours().one == [2]
    assert ours(two=3).one == [3]
    assert ours([1]).one == [1, 2]


def test_a_wrong_call_is_refused_with_the_name_of_the_class():
    with pytest.raises(TypeError, match=r"Point\.__init__\(\) missing 1 required keyword-only argument: 'x'"):
        Point()  # type: ignore[call-arg]


def test_what_may_be_left_out_cannot_stand_before_what_may_not():
    for make in (frozen, dataclass(frozen=True)):
        with pytest.raises(TypeError, match="non-default argument 'two' follows default argument"):
            make(type("Wrong", (), {"one": 1, "__annotations__": {"one": int, "two": int}}))


def test_what_holds_something_that_has_no_hash_has_none():
    with pytest.raises(TypeError, match="unhashable"):
        hash(both(Single)[1]([]))


def test_another_class_with_the_same_values_is_not_equal():
    one, other = both(Single)[1], both(Single)[1]
    assert one(1) != other(1)
    assert one(1) != 1


@frozen(kw_only=True)
class Point:
    x: int
    y: int = 0


@frozen
class Place(Point):
    name: str


def test_a_subclass_compares_the_fields_of_both():
    assert Place("here", x=1) == Place("here", x=1)
    assert Place("here", x=1) != Place("here", x=2)
    assert Place("here", x=1) != Point(x=1)


def test_it_can_be_made_by_keyword_only():
    with pytest.raises(TypeError):
        Point(1)  # type: ignore[misc]


def test_nothing_can_be_set_or_deleted():
    point: Any = Point(x=1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, replace, lambda point: pickle.loads(pickle.dumps(point))])
def test_it_can_be_copied(again):
    assert again(Point(x=1)) == Point(x=1)


def test_it_is_a_data_class_for_everybody_who_asks():
    assert is_dataclass(Point)
    assert [each.name for each in fields(Point)] == ["x", "y"]
    match Place("here", x=1):
        case Place(name):
            assert name == "here"
