"""The rules of those fields of a task that do not depend on each other."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.links import links_from
from taskharbor.domain.tasks.priority import priority_from
from taskharbor.domain.tasks.relations import depends_on_from, list_id_from, parent_from
from taskharbor.domain.tasks.reminder import reminders_from
from taskharbor.domain.tasks.tags import tags_from
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.duration import duration_from
from taskharbor.domain.values.text import description_from, title_from


def _or_none(rule: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else rule(value)


_RULES: Final[Mapping[str, Callable[[Any], object]]] = {
    "title": title_from,
    "description": description_from,
    "priority": priority_from,
    "start": _or_none(partial(calendar_time_from, "start")),
    "due": _or_none(partial(calendar_time_from, "due")),
    "estimated_duration": _or_none(partial(duration_from, "estimated_duration")),
    "tags": tags_from,
    "links": links_from,
    "reminders": reminders_from,
    "list": list_id_from,
    "parent": parent_from,
    "depends_on": depends_on_from,
}
"""What makes a value of each field that does not depend on the others."""


def values_of(changes: TaskChanges) -> dict[str, Any]:
    """Return the value of each field that `changes` names, of those that do not depend on others.

    Raises:
        InvalidValue: if a value breaks its rule.
    """
    return {name: rule(value) for name, rule in _RULES.items() if (value := getattr(changes, name)) is not UNSET}
