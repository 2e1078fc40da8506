"""Hypothesis strategies for what a task may hold, the nasty parts first."""

from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.assignees import assignees_from
from taskharbor.domain.tasks.comment import MAX_AUTHOR_LENGTH, Comment, Comments, comment_text_from
from taskharbor.domain.tasks.foreign_data import ForeignData, foreign_from
from taskharbor.domain.tasks.progress import Progress, percent_at
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime, is_due_before_start
from taskharbor.domain.values.uid import Uid
from taskharbor.testing.strategies.recurrence import occurrences_of, recurrence_values, recurrences
from taskharbor.testing.strategies.text import descriptions, link_lists, tag_sets, titles
from taskharbor.testing.strategies.times import calendar_times, durations, instants, reminder_lists

__all__ = [
    "assignee_lists",
    "calendar_times",
    "comment_lists",
    "descriptions",
    "durations",
    "fields",
    "foreign_data",
    "instants",
    "link_lists",
    "reminder_lists",
    "tag_sets",
    "tasks",
    "titles",
    "uids",
]

_PERCENTS: Final = st.sampled_from([0, 1, 50, 99, 100])
_IDS: Final = st.integers(1, MAX_ID)
_NOBODYS_IDS: Final = st.integers(2**40, MAX_ID)
_COUNTS: Final = st.integers(0, 1000)
_PRIORITIES: Final = st.integers(0, 9)


def uids() -> st.SearchStrategy[Uid]:
    """Uids of any version, the nil and the max UUID included."""
    return st.uuids(allow_nil=True).map(lambda uuid: Uid(str(uuid)))


@st.composite
def comment_lists(draw: st.DrawFn) -> Comments:
    """Comments in the order in which they were made."""
    ids = sorted(draw(st.sets(st.integers(1, 300), max_size=3)))
    return tuple(
        Comment(
            id=id_,
            text=comment_text_from("text", draw(titles())),
            author=draw(st.none() | titles().map(lambda title: title[:MAX_AUTHOR_LENGTH].strip() or None)),
            created=draw(instants()),
            updated=draw(instants()),
        )
        for id_ in ids
    )


def foreign_data() -> st.SearchStrategy[ForeignData]:
    """What other programs say of a task."""
    members = st.dictionaries(st.sampled_from(["icalendar", "taskwarrior", "todotxt"]), _json())
    return members.map(foreign_from)


@cache
def _json() -> st.SearchStrategy[object]:
    text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)
    scalars = st.none() | st.booleans() | st.integers(-9, 9) | text
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2))


def assignee_lists() -> st.SearchStrategy[list[str]]:
    """Ids of members, in any order."""
    return st.lists(st.sampled_from(["ada", "bob", "0", "eve@example.org", "a.b-c_d+e", "x" * 128]), max_size=3)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """New tasks in every state that a task can be in, with the id 1: give them one of the store's."""
    created, changed, updated = sorted(draw(st.tuples(instants(), instants(), instants())))
    progress = draw(st.sampled_from(Progress))
    start, due = draw(_starts_and_dues())
    comments = draw(comment_lists())
    return Task(
        id=1,
        uid=draw(uids()),
        rank=natural_rank(1),
        title=draw(titles()),
        description=draw(descriptions()),
        progress=progress,
        percent_complete=percent_at(progress, draw(_PERCENTS)),
        priority=draw(_PRIORITIES),
        start=start,
        due=due,
        estimated_duration=draw(st.none() | durations()),
        tags=draw(tag_sets()),
        links=draw(link_lists()),
        reminders=draw(reminder_lists()),
        recurrence=draw(st.none() | recurrences(moment)) if (moment := start or due) else None,
        occurrence_of=draw(st.none() | occurrences_of()),
        list=draw(_IDS),
        parent=draw(st.none() | _NOBODYS_IDS),
        depends_on=tuple(sorted(draw(st.sets(_NOBODYS_IDS, max_size=3)))),
        subtask_count=draw(_COUNTS),
        open_subtask_count=draw(_COUNTS),
        comments=comments,
        last_comment_id=max([comment.id for comment in comments], default=0) + draw(st.integers(0, 2)),
        foreign=draw(foreign_data()),
        assignees=assignees_from(draw(assignee_lists())),
        created=created,
        updated=updated,
        completed=changed if progress is Progress.COMPLETED else None,
        deleted=draw(st.none() | st.just(updated)),
    )


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """Draw values for any subset of the fields of `TaskChanges`, the title apart.

    Some contradict each other, or what the task has.
    """
    return draw(_fields())


@cache
def _fields() -> st.SearchStrategy[dict[str, Any]]:
    moments = calendar_times()
    return st.fixed_dictionaries(
        {},
        optional={
            "description": descriptions(),
            "progress": st.sampled_from(Progress),
            "is_completed": st.booleans(),
            "percent_complete": _PERCENTS | st.just(101),
            "priority": _PRIORITIES,
            "start": st.none() | moments | moments.map(lambda moment: moment.as_json()),
            "due": st.none() | moments | moments.map(lambda moment: moment.as_json()),
            "estimated_duration": st.none() | durations() | durations().map(lambda duration: duration.as_json()),
            "tags": tag_sets(),
            "assignees": assignee_lists(),
            "links": link_lists(),
            "reminders": reminder_lists(),
            "recurrence": recurrence_values(),
        },
    )


@st.composite
def _starts_and_dues(draw: st.DrawFn) -> tuple[CalendarTime | None, CalendarTime | None]:
    start, due = draw(st.tuples(st.none() | calendar_times(), st.none() | calendar_times()))
    if start is not None and due is not None and is_due_before_start(due, start):
        return due, start
    return start, due
