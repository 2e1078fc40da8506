"""A task as a VTODO. RFC 5545 section 3.6.2."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from taskharbor.adapters.interchange.icalendar.alarms import alarm_lines
from taskharbor.adapters.interchange.icalendar.components import Line
from taskharbor.adapters.interchange.icalendar.content_lines import folded, list_line, raw_line, text_line
from taskharbor.adapters.interchange.icalendar.names import AUTHOR, CREATED, FILED_UNDER, LIST_PROPERTY
from taskharbor.adapters.interchange.icalendar.originals import with_originals
from taskharbor.adapters.interchange.icalendar.parameters import digest_of, with_parameters
from taskharbor.adapters.interchange.icalendar.preserved import PreservedProperties, preserved_from
from taskharbor.adapters.interchange.icalendar.progress import STATUS_OF
from taskharbor.adapters.interchange.icalendar.properties import Flaw, Property, properties_of
from taskharbor.adapters.interchange.icalendar.recurrence import SERIES, recurrence_lines
from taskharbor.adapters.interchange.icalendar.times import instant_text, time_parts
from taskharbor.adapters.interchange.losses import (
    assignees_lost,
    awaited_dependencies,
    awaited_parent,
    foreign_lost,
    order_lost,
)
from taskharbor.application.ports.interchange import EncodedTask, ReferenceNames
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.tasks.comment import Comment
from taskharbor.domain.tasks.tags import tags_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime


def vtodo_of(task: Task, names: ReferenceNames) -> EncodedTask:
    """Return the VTODO of `task`."""
    lines = _lines(task, names, preserved_from(task.foreign))
    return EncodedTask(folded(lines), (*order_lost(task), *assignees_lost(task), *foreign_lost(task, but=FILED_UNDER)))


def _lines(task: Task, names: ReferenceNames, preserved: PreservedProperties) -> Iterator[str]:
    yield "BEGIN:VTODO"
    lines = list(with_parameters(_property_lines(task, names, preserved), preserved.parameters))
    came = (_original_or(line, preserved) for line in lines) if preserved.originals else lines
    yield from with_originals([*came, *preserved.properties, *_unread(lines, preserved)])
    for component in preserved.components:
        yield from component
    yield from alarm_lines(task.reminders, preserved.alarms, task.title)
    yield "END:VTODO"


def _original_or(line: str, preserved: PreservedProperties) -> str:
    """Return the line that a property came as, if it still says the same."""
    name = re.split("[;:]", line, maxsplit=1)[0]
    if not any(name == each for each, _ in preserved.originals):
        return line
    found = next(properties_of([Line(0, line)]))
    original = preserved.originals.get((name, digest_of(found.text))) if isinstance(found, Property) else None
    if original is None or isinstance(found, Flaw) or name != "COMMENT":
        return original or line
    # Who commented and when is said as it is now.
    came = next(properties_of([Line(0, original)]))
    is_plain = isinstance(came, Property) and original.endswith(came.value)  # and not encoded
    return found.with_value(came.value).raw if isinstance(came, Property) and is_plain else line


def _unread(lines: Sequence[str], preserved: PreservedProperties) -> Iterator[str]:
    """Yield what could not be read, where the task says nothing itself; a series is one whole."""
    names = {re.split("[;:]", line, maxsplit=1)[0] for line in lines}
    names |= SERIES if names & SERIES else set()
    yield from (line for line in preserved.unread if re.split("[;:]", line, maxsplit=1)[0].upper() not in names)


def _property_lines(task: Task, names: ReferenceNames, preserved: PreservedProperties) -> Iterator[str]:
    yield from _names(task, names, preserved)
    yield raw_line("DTSTAMP", instant_text(task.updated))
    yield raw_line("CREATED", instant_text(task.created))
    yield raw_line("LAST-MODIFIED", instant_text(task.updated))
    yield text_line("SUMMARY", task.title)
    if task.description:
        rest = preserved.rest.get(digest_of(task.description), "") if preserved.rest else ""
        yield text_line("DESCRIPTION", task.description + rest)
    yield from _progress(task)
    if task.priority:
        yield raw_line("PRIORITY", str(task.priority))
    yield from _times(task)
    yield from recurrence_lines(task)
    yield from _categories(task, preserved)
    yield from _links(task)
    yield from _relations(task, names, preserved)
    if task.list != INBOX and task.list in names.lists:
        yield text_line(LIST_PROPERTY, names.lists[task.list])
    for comment in task.comments:
        yield _comment(task, comment)


def _names(task: Task, names: ReferenceNames, preserved: PreservedProperties) -> Iterator[str]:
    """Yield UID, and of an occurrence that was done here RECURRENCE-ID: it has the UID of its series."""
    series = None if task.occurrence_of is None or preserved.uid else names.tasks.get(task.occurrence_of.task)
    if series is None or task.occurrence_of is None or occurrence_uid(series.uid, _id_of(task)) != task.uid:
        yield raw_line("UID", preserved.uid) if preserved.uid else text_line("UID", task.uid)
        return
    yield raw_line("UID", preserved_from(series.foreign).uid or series.uid)
    parameters, value = time_parts(_id_of(task))
    yield raw_line("RECURRENCE-ID", value, parameters)


def _id_of(task: Task) -> CalendarTime:
    if task.occurrence_of is None:
        raise ValueError(f"task {task.id} is no occurrence")
    return task.occurrence_of.recurrence_id


def _progress(task: Task) -> Iterator[str]:
    yield raw_line("STATUS", STATUS_OF[task.progress])
    if task.percent_complete:
        yield raw_line("PERCENT-COMPLETE", str(task.percent_complete))
    if task.completed is not None:
        yield raw_line("COMPLETED", instant_text(task.completed))


def _times(task: Task) -> Iterator[str]:
    # Section 3.8.2.4: what has an RRULE has a DTSTART.
    start = task.start or (task.due if task.recurrence is not None else None)
    for name, moment in (("DTSTART", start), ("DUE", task.due)):
        if moment is not None:
            parameters, value = time_parts(moment)
            yield raw_line(name, value, parameters)
    if task.estimated_duration is not None:
        yield raw_line("ESTIMATED-DURATION", task.estimated_duration.as_json())


def _categories(task: Task, preserved: PreservedProperties) -> Iterator[str]:
    """Yield the tags: as they came, if that said more than their names and they are the same."""
    originals = list(properties_of([Line(0, line) for line in preserved.categories]))
    texts = [text for each in originals if isinstance(each, Property) for text in each.texts if text.strip()]
    try:
        if preserved.categories and tags_from(texts) == task.tags:
            yield from preserved.categories
            return
    except InvalidValue:
        pass
    if task.tags:
        yield list_line("CATEGORIES", task.tags)


def _links(task: Task) -> Iterator[str]:
    """Yield the first link as URL, of which there can be one, and the others as LINK (RFC 9253 section 8.2)."""
    for place, link in enumerate(task.links):
        yield raw_line("LINK", link, {"LINKREL": "related", "VALUE": "URI"}) if place else raw_line("URL", link)


def _relations(task: Task, names: ReferenceNames, preserved: PreservedProperties) -> Iterator[str]:
    for kind, ids in ((None, [task.parent]), ("DEPENDS-ON", task.depends_on)):
        for id_ in ids:
            if id_ is not None and id_ in names.tasks:
                other = names.tasks[id_]
                yield raw_line(
                    "RELATED-TO", preserved_from(other.foreign).uid or other.uid, {"RELTYPE": kind} if kind else None
                )
    if (parent := awaited_parent(task)) is not None:
        yield raw_line("RELATED-TO", preserved.names.get(parent, parent))
    for uid in awaited_dependencies(task):
        yield raw_line("RELATED-TO", preserved.names.get(uid, uid), {"RELTYPE": "DEPENDS-ON"})


def _comment(task: Task, comment: Comment) -> str:
    parameters: dict[str, str] = {}
    if comment.author is not None and not _NOT_IN_PARAMETERS & set(comment.author):
        parameters[AUTHOR] = comment.author
    if instant_text(comment.created) != instant_text(task.created):
        parameters[CREATED] = instant_text(comment.created)
    return text_line("COMMENT", comment.text, parameters)


# A backslash means nothing in a parameter (RFC 5545 section 3.2), but readers take it for the beginning of an escape.
_NOT_IN_PARAMETERS: Final = frozenset('"\n\r\t\\')
