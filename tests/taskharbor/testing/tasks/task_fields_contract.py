"""Each field comes back exactly as it was written, from every question that answers with it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Position
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.links import MAX_LINK_LENGTH, MAX_LINKS
from taskharbor.domain.tasks.reminder import MAX_REMINDERS, RelativeReminder, RelativeTo
from taskharbor.domain.tasks.tags import MAX_TAG_LENGTH, MAX_TAGS
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.tasks import tasks

MOMENTS: list[CalendarTime] = [
    AllDay(date.min),
    AllDay(date.max),
    Floating(datetime.fromisoformat("0001-01-01T00:00:00")),
    Floating(datetime.fromisoformat("9999-12-31T23:59:59")),
    Floating(datetime.fromisoformat("2026-12-01T00:00:00")),
    Zoned(datetime.fromisoformat("0001-01-01T00:00:00"), "Pacific/Kiritimati"),
    Zoned(datetime.fromisoformat("9999-12-31T23:59:59"), "Etc/GMT+12"),
    Zoned(datetime.fromisoformat("2026-03-29T02:30:00"), "Europe/Berlin"),  # no such time there
    Zoned(datetime.fromisoformat("2026-12-01T09:00:00"), "US/Eastern"),
    Zoned(datetime.fromisoformat("2026-12-01T09:00:00"), "America/New_York"),
    Zoned(datetime.fromisoformat("2026-12-01T09:00:00"), "UTC"),
]


class TaskFieldsContract(Contract):
    """Calendar times, zones, durations, tags, links, reminders."""

    @share_of_effort(4)
    @given(task=tasks())
    async def test_every_question_answers_with_every_field(self, here: Bench, task: Task) -> None:
        here = here.another()
        task = replace(task, id=await here.next_id(), deleted=None)
        task = task.committed(await here.commit(added=[task]))
        assert await here.load(task.id) == task
        assert await here.get(task.id) == TaskView.of(task)
        assert (await here.page()).items == [TaskView.of(task)]
        assert (await here.changes()).items == [TaskView.of(task)]

    @pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: " ".join(moment.as_json().values()))
    async def test_a_calendar_time_keeps_its_kind_and_the_name_of_its_zone(
        self, here: Bench, moment: CalendarTime
    ) -> None:
        await self._kept(here, start=moment)
        await self._kept(here, due=moment)
        await self._kept(here, start=moment, due=moment)

    async def test_a_duration_is_kept_as_it_was_written(self, here: Bench) -> None:
        for text in ("PT0S", "PT90M", "PT1H30M", "P1D", "PT24H", "P7D", "P1W", "P1W2DT3H4M5S", "PT1H0M5S", "P36525D"):
            task = await self._kept(here, estimated_duration=text)
            assert isinstance(task.estimated_duration, Duration)
            assert task.estimated_duration.as_json() == text

    async def test_a_tag_keeps_its_case_and_its_characters(self, here: Bench) -> None:
        task = await self._kept(here, tags=["Stra\u00dfe", "URGENT", "\u0130stanbul", "a,b;c\\d", 'say "x"', "\ufb01n"])
        assert set(task.tags) == {"Stra\u00dfe", "URGENT", "\u0130stanbul", "a,b;c\\d", 'say "x"', "\ufb01n"}

    async def test_links_and_reminders_keep_their_order(self, here: Bench) -> None:
        links = ["mailto:z@example.org", "HTTPS://EXAMPLE.ORG/%7e", "https://example.org/?q[]=1#f", "tel:+1"]
        reminders = [
            {"when": "9999-12-31T23:59:59Z"},
            {"offset": "-PT15M", "relativeTo": "due"},
            {"when": "0001-01-01T00:00:00Z"},
            {"offset": "P1W", "relativeTo": "start"},
            {"offset": "-P7D", "relativeTo": "start"},
        ]
        task = await self._kept(here, links=links, reminders=reminders)
        assert list(task.links) == links
        assert [reminder.as_json() for reminder in task.reminders] == reminders

    async def test_the_fullest_task_is_kept_and_can_be_emptied(self, here: Bench) -> None:
        offsets = [SignedDuration(Duration(seconds=number)) for number in range(MAX_REMINDERS)]
        moment = Zoned(datetime.fromisoformat("2026-12-01T09:00:00"), "America/Argentina/ComodRivadavia")
        task = await self._kept(
            here,
            description="\U0001f600" * MAX_DESCRIPTION_LENGTH,
            percent_complete=99,
            priority=9,
            start=moment,
            due=moment,
            estimated_duration=Duration(weeks=100, days=100, hours=100, minutes=100, seconds=100),
            tags=[f"{number:02}".ljust(MAX_TAG_LENGTH, "\U0001f600") for number in range(MAX_TAGS)],
            links=[f"https://example.org/{number:02}".ljust(MAX_LINK_LENGTH, "x") for number in range(MAX_LINKS)],
            reminders=[RelativeReminder(offset, RelativeTo.DUE) for offset in offsets],
        )
        assert (len(task.tags), len(task.links), len(task.reminders)) == (MAX_TAGS, MAX_LINKS, MAX_REMINDERS)
        nothing = TaskChanges(
            description=None,
            percent_complete=0,
            priority=0,
            start=None,
            due=None,
            estimated_duration=None,
            tags=[],
            links=[],
            reminders=[],
        )
        emptied = await here.change(task.change(nothing, at=LATER))
        assert await here.load(task.id) == emptied

    async def _kept(self, here: Bench, **values: Any) -> Task:  # noqa: ANN401 - values of any field
        task = (await here.new_task()).change(TaskChanges(**values), at=LATER)
        task = task.committed(await here.commit(added=[task]))
        assert await here.load(task.id) == task
        assert await here.get(task.id) == TaskView.of(task)
        assert (await here.page(after=task.id - 1)).items == [TaskView.of(task)]
        assert (await here.changes(Position(task.revision - 1))).items == [TaskView.of(task)]
        return task
