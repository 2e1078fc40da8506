"""A SQLAlchemy statement as a driver takes it."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from threading import Lock
from typing import Any, Final

from sqlalchemy import BigInteger, BindParameter, Dialect, Executable, bindparam
from sqlalchemy.sql import ClauseElement


def integer_parameter(name: str) -> BindParameter[int]:
    """Return the parameter `name` of a statement, an integer of 64 bits."""
    return bindparam(name, type_=BigInteger)


_MADE_BY_COMPILING: Final = frozenset({"sql", "arguments"})
_ONE_AT_A_TIME: Final = Lock()


class Statement:
    """Compiled once, for a driver with positional parameters, when it is first used: one takes half a millisecond.

    What takes memory until then, 16 KB and more, can also be given as a function that makes the statement.

    Attributes:
        sql: the text.
        arguments: returns the values of the parameters in the order in which the driver wants them.
    """

    sql: str
    arguments: Callable[[Mapping[str, Any]], tuple[Any, ...]]

    def __init__(self, statement: Executable | Callable[[], Executable], dialect: Dialect) -> None:
        self._source: tuple[Executable | Callable[[], Executable], Dialect] | None = (statement, dialect)

    def __getattr__(self, name: str) -> Any:  # as annotated above
        """Compile it: those attributes are there from then on."""
        if name not in _MADE_BY_COMPILING:
            raise AttributeError(name)
        with _ONE_AT_A_TIME:
            if self._source is not None:
                self._compile(*self._source)
                self._source = None
        return self.__dict__[name]

    def _compile(self, statement: Executable | Callable[[], Executable], dialect: Dialect) -> None:
        made = statement() if callable(statement) else statement
        if not isinstance(made, ClauseElement):
            raise TypeError(f"{made!r} can not be compiled")
        compiled = made.compile(dialect=dialect)
        # What the statement itself says: constants and defaults.
        constants = {name: value for name, value in (compiled.params or {}).items() if value is not None}
        in_order = _in_order(tuple(compiled.positiontup or ()))  # type: ignore[attr-defined]  # SQLCompiler has it
        self.arguments = (lambda values: in_order({**constants, **values})) if constants else in_order
        self.sql = str(compiled)


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])
