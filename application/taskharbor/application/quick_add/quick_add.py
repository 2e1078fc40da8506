"""Create a task off one line: `Pay rent every month on the 1st 9am #home !1`."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.lists.list_names import ListNames
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.ports.quick_line import QuickLine, Taken
from taskharbor.application.tasks.create_task import CreateTask, create_task
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.time_zone import DEFAULT_TIME_ZONE, time_zone_from, zone

DEFAULT_LANGUAGE: Final = "en"

_OF_THE_SERIES: Final = ("INTERVAL=", "COUNT=", "UNTIL=")


@frozen(kw_only=True)
class QuickAdd:
    """Create the task that a line says.

    Attributes:
        text: the line: a title, and behind it what docs/quick-add.md lists.
        time_zone: where it was written: what `tomorrow` means there, and the zone of its times. Without one, days are
            those of UTC and times are floating.
        language: that of its words for times and recurrence: `en` or `de`.
        dry_run: whether only to say how the line is understood.
    """

    text: str
    time_zone: str | None = None
    language: str = DEFAULT_LANGUAGE
    dry_run: bool = False


@frozen(kw_only=True)
class QuickAdded:
    """How a line was understood.

    Attributes:
        task: the task; of a dry run as it would be, with an id that it will not have, and revision 0.
        taken: what was taken out of the title, in the order of the line.
        line: the same task in the shortest words, which read back to it.
    """

    task: TaskView
    taken: tuple[Taken, ...]
    line: str


@frozen
class _Read:
    id: int
    line: QuickLine


async def quick_add(command: QuickAdd, uow: UnitOfWork) -> _Read:
    """Carry out `command`.

    Raises:
        InvalidValue: for `text`, if it leaves no title, or names a list, a date or a number that does not exist; for
            `time_zone` or `language`, if there is none of this name; for a field, if the line breaks a rule of it.
        MissingDependency: if what reads the line, or expands a rule in it, is not installed.
    """
    time_zone = None if command.time_zone is None else time_zone_from("time_zone", command.time_zone)
    here = Viewpoint(uow.now, zone(time_zone or DEFAULT_TIME_ZONE))
    text, language = string_from("text", command.text), string_from("language", command.language)
    line = await uow.services.quick_lines.read(text, language=language, here=here, time_zone=time_zone)
    values = dict(line.values)
    if "list" in values:
        values["list"] = await _list_named(str(values["list"]), uow)
    if "recurrence" in values and not values.keys() & {"due", "start"}:
        values["due"] = _first_due(line, here, time_zone, uow.services.occurrences).as_json()
    task: Task = await create_task(CreateTask(title=line.title, **values), uow)
    return _Read(task.id, line)


async def quick_added(_command: QuickAdd, read: _Read, uow: UnitOfWork, _revision: Revision | None) -> QuickAdded:
    """Return the task and how the line was understood."""
    return QuickAdded(task=await uow.view(read.id), taken=read.line.taken, line=read.line.canonical)


async def _list_named(name: str, uow: UnitOfWork) -> int:
    try:
        return await ListNames(uow.records).id_of("text", name)
    except InvalidValue as refusal:
        why = "several lists have" if "several" in refusal.reason else "no list has"
        raise InvalidValue(
            "text", f"names the list {name!r}: {why} this name; \\@{name} is a word of the title"
        ) from None


def _first_due(line: QuickLine, here: Viewpoint, time_zone: str | None, occurrences: Occurrences) -> CalendarTime:
    """Return when a task that recurs and names no day is due: the next time that fits.

    Every other week begins with the next day that fits, and counts from there.
    """
    recurrence: Any = line.values["recurrence"]
    rule = recurrence_rule_from("recurrence.rrule", _without_series(recurrence))
    wall = here.wall.replace(microsecond=0)
    today = datetime.combine(wall.date(), line.time_of_day or time.min)
    first = next(iter(occurrences.walls(rule, today, wall if line.time_of_day else today)), None)
    if first is None:
        raise InvalidValue("text", "recurs on days that do not exist")
    if line.time_of_day is None:
        return AllDay(first.date())
    return Floating(first) if time_zone is None else Zoned(first, time_zone)


def _without_series(recurrence: Mapping[str, str]) -> str:
    return ";".join(part for part in recurrence["rrule"].split(";") if not part.startswith(_OF_THE_SERIES))
