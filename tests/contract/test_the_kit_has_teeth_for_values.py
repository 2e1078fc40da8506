"""Stores that keep text or instants other than they are, and the promise of the kit that finds each out."""

from dataclasses import replace
from datetime import UTC
from unicodedata import normalize

import pytest

from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Rewrites, Teeth

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks(
    "test_instants_are_kept_to_the_microsecond_and_come_back_in_utc[before 1970]",
    "test_a_task_is_loaded_as_it_was_added",
)
class KeepsMilliseconds(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, created=task.created.replace(microsecond=task.created.microsecond // 1000 * 1000))


@breaks("test_instants_are_kept_to_the_microsecond_and_come_back_in_utc[no local time in Berlin]")
class ForgetsTheZone(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, created=task.created.replace(tzinfo=None) if task.created.tzinfo is UTC else task.created)


@breaks("test_titles_that_only_look_alike_stay_different", "test_a_task_is_loaded_as_it_was_added")
class NormalizesText(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, title=normalize("NFC", task.title))


@breaks("test_an_empty_description_is_not_an_absent_one")
class MakesEmptyNull(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, description=task.description or None)


@breaks("test_the_longest_title_and_description_are_kept[4 bytes]")
class CutsAt64Kilobytes(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, description=task.description and task.description.encode()[:65_536].decode())


@breaks("test_the_fullest_task_is_kept_and_can_be_emptied")
class NeverClearsADescription(Rewrites):
    def rewrite(self, task: Task) -> Task:
        old = next((here.tasks[task.id] for here in self._workspaces.values() if task.id in here.tasks), task)
        return replace(task, description=task.description or old.description)


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
