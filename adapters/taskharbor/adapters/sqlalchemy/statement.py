"""A SQLAlchemy statement as a driver takes it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Dialect, Executable, bindparam
from sqlalchemy.sql import ClauseElement


def integer_parameter(name: str) -> BindParameter[int]:
    """Return the parameter `name` of a statement, an integer of 64 bits."""
    return bindparam(name, type_=BigInteger)


class Statement:
    """Compiled once, for a driver with positional parameters.

    Attributes:
        sql: the text.
    """

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        if not isinstance(statement, ClauseElement):
            raise TypeError(f"{statement!r} can not be compiled")
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]  # SQLCompiler has it
        # What the statement itself says: constants and defaults.
        self._constants = {name: value for name, value in (compiled.params or {}).items() if value is not None}

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of the parameters in the order in which the driver wants them."""
        if self._constants:
            values = {**self._constants, **values}
        return tuple([values[name] for name in self._names])
