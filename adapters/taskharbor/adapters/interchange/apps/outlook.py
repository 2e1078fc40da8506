"""Outlook: tasks exported as comma-separated values, as Microsoft To Do shares them with it.

Source: the names of the columns that Outlook's wizard `Import and Export` writes (support.microsoft.com, `Export
contacts, email, and tasks`). Dates are whole days in the order of the computer that wrote them: with a dot, or if one
of them says so, the day comes first, else the month. A reminder is on the clock on the wall, so it counts from the
task's day. `High` and `Low` are priorities 1 and 9, categories are tags. As there are no ids, a task is known by its
subject, and several with one subject by what else they say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.expected import Members, one_of
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat, WholeFileReader
from taskharbor.adapters.interchange.apps.table import Row, rows_of
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import ReadItem, Unreadable
from taskharbor.domain.tasks.progress import Progress

_APP: Final = "outlook"
_PRIORITY: Final = {"high": 1, "normal": 0, "low": 9}
_PROGRESS: Final = {"completed": Progress.COMPLETED, "in progress": Progress.IN_PROCESS}
_DATES: Final = ("start date", "due date", "reminder date", "date completed")
_UNDERSTOOD: Final = frozenset(
    {"subject", "start date", "due date", "reminder on/off", "reminder date", "reminder time", "date completed"}
    | {"% complete", "total work", "categories", "notes", "priority", "status"}
)
_WORK: Final = re.compile(r"([0-9]{1,5}) (minute|hour|day|week)s?")
_UNITS: Final = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W"}
_NOTHING: Final = frozenset({"", "0", "0 hours", "false", "normal"})
_DATE: Final = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})[./-]([0-9]{1,4})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})? ?([AaPp][Mm])?")
_PERCENT: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})? ?%?")
_MONTHS: Final = 12
_NOON: Final = 12
_ON: Final = ("true", "on", "yes", "1")
_EXPECTED: Final[Members] = {
    "priority": one_of("High", "Normal", "Low"),
    "status": one_of("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"),
    "reminder on/off": one_of(*_ON, "false", "off", "no", "0"),
    "% complete": lambda value: None if _PERCENT.fullmatch(str(value).strip()) else "it is no number",
}


class OutlookReader(WholeFileReader):
    """Reads one file."""

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield its tasks."""
        rows: list[Row] = []
        for row in rows_of(data, having="subject"):
            if isinstance(row, Unreadable):
                yield row
            else:
                rows.append(row)
        day_first = _is_day_first(rows)
        names = NumberedNames()
        for row in rows:
            name = f"{_APP} {row.values.get('subject', '')}"
            yield _task(row, AppTask(_APP, row.place, names.next_uid(name), name), day_first)


def _task(row: Row, task: AppTask, day_first: bool) -> ReadItem:
    said = row.values
    task.text(said.get("subject", ""), said.get("notes", ""))
    _progress(task, said)
    priority = said.get("priority", "").lower()
    task.set("priority", _PRIORITY.get(priority, 0))
    task.tags([tag for tag in said.get("categories", "").replace(",", ";").split(";") if tag.strip()])
    days: dict[str, datetime] = {}
    for column in _DATES:
        value = said.get(column, "").strip()
        if (day := _day(value, day_first)) is not None:
            days[column] = day
        elif value and value != "0/0/00":
            task.keep_unread(column, value, "it is no date")
    for field in ("start", "due"):
        if (day := days.get(f"{field} date")) is not None:
            task.set(field, {"date": day.date().isoformat()}, source=said.get(f"{field} date"))
    _remind(task, said, days)
    task.completed = days["date completed"].replace(tzinfo=UTC) if "date completed" in days else None
    _work(task, said)
    rest = {name: value for name, value in said.items() if value.strip().lower() not in _NOTHING}
    task.expect(said, _EXPECTED)
    task.keep_rest(rest, but=_UNDERSTOOD)
    return task.draft()


def _work(task: AppTask, said: Mapping[str, str]) -> None:
    if (work := said.get("total work", "").strip().lower()) not in _NOTHING:
        amount = _WORK.fullmatch(work)
        if amount:
            task.set("estimated_duration", _UNITS[amount[2]].format(int(amount[1])), source=work)
        else:
            task.keep("total work", work)


def _progress(task: AppTask, said: Mapping[str, str]) -> None:
    status, percent = said.get("status", "").lower(), said.get("% complete", "").strip("% ")
    if percent.replace(".", "", 1).isdecimal() and 0 < float(percent[:9]) <= 1 and "." in percent:
        percent = str(round(float(percent) * 100))
    is_done = status == "completed" or percent == "100"
    task.set("progress", Progress.COMPLETED if is_done else _PROGRESS.get(status, Progress.NEEDS_ACTION))
    if status.startswith(("waiting", "deferred")):
        task.keep("status", status)
    if not is_done and percent.isdecimal() and 0 < int(percent[:4]) < 100:  # noqa: PLR2004
        task.set("percent_complete", int(percent), source=percent)


def _remind(task: AppTask, said: Mapping[str, str], days: Mapping[str, datetime]) -> None:
    if said.get("reminder on/off", "").lower() not in _ON or "reminder date" not in days:
        return
    at = _time(said.get("reminder time", ""))
    counted = "due" if "due date" in days else "start"
    if at is None or f"{counted} date" not in days:
        moment = f"{said.get('reminder date')} {said.get('reminder time')}"
        task.keep_unread("reminder", moment, "it has no time, or the task no date to count from")
        return
    offset = datetime.combine(days["reminder date"], at) - days[f"{counted} date"]
    sign, size = ("-", -offset) if offset < timedelta(0) else ("", offset)
    wire = f"{sign}P{size.days}DT{size.seconds // 3600}H{size.seconds % 3600 // 60}M"
    task.set("reminders", [{"offset": wire, "relativeTo": counted}])


def _is_day_first(rows: Sequence[Row]) -> bool:
    for row in rows:
        for column in _DATES:
            if found := _DATE.match(row.values.get(column, "").strip()):
                if found[2] == "." or (len(found[1]) <= 2 and int(found[1]) > _MONTHS):  # noqa: PLR2004
                    return True
                if int(found[3]) > _MONTHS:
                    return False
    return False


def _day(text: str, day_first: bool) -> datetime | None:
    found = _DATE.match(text)
    if not found:
        return None
    one, two, three = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:  # noqa: PLR2004
        year, month, day = one, two, three
    else:
        month, day = (two, one) if day_first else (one, two)
        year = three + 2000 if len(found[4]) <= 2 else three  # noqa: PLR2004
    try:
        return datetime(year, month, day)  # noqa: DTZ001  # on the wall
    except ValueError:
        return None


def _time(text: str) -> time | None:
    found = _TIME.match(text.strip())
    if not found:
        return None
    hour = int(found[1])
    if found[3]:
        hour = hour % _NOON + (_NOON if found[3].lower() == "pm" else 0)
    try:
        return time(hour, int(found[2]))
    except ValueError:
        return None


class OutlookFormat(ReadOnlyFormat):
    """What Outlook exports."""

    name = "outlook"
    media_type = "text/csv"
    suffixes = (".csv",)

    def reader(self) -> OutlookReader:
        """Return a reader for one file."""
        return OutlookReader()
