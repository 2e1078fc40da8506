"""In which columns the fields are that filters and orders name, by their types."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement

from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.order import OrderField
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType

_NAMES: Final = {"estimated_duration": "duration_seconds"}
_ENDINGS: Final = {FieldType.TEXT: "_key", FieldType.CALENDAR: "_key"}
_NO_COLUMN: Final = frozenset({FieldType.FLAG, FieldType.TAGS, FieldType.MEMBERS})
_LOOKED_FOR: Final = FIELDS_BY_NAME.keys() & {*Field, *OrderField}

COLUMNS: Final[Mapping[str, ColumnElement[Any]]] = {
    name: tasks.c[_NAMES.get(name, name + _ENDINGS.get(FIELDS_BY_NAME[name].type, ""))]
    for name in _LOOKED_FOR
    if FIELDS_BY_NAME[name].type not in _NO_COLUMN
}
"""The column of each field; of a calendar time the one that sorts."""

CLOCKS: Final[Mapping[str, tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]]] = {
    name: (tasks.c[f"{name}_wall"], tasks.c[f"{name}_utc"], tasks.c[f"{name}_key"])
    for name in _LOOKED_FOR
    if FIELDS_BY_NAME[name].type is FieldType.CALENDAR
}
"""The three columns of each calendar time."""
