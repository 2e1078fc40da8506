"""Who does it, when the service is embedded."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.embedded.opening import open_taskharbor

_MAX_REVISION = 2**53 - 1


async def _actors(storage: InMemoryStorage, workspace: str = "default") -> list[str | None]:
    entries = await storage.list_history(workspace, 1, before=_MAX_REVISION, limit=10)
    return [entry.actor for entry in reversed(entries)]


async def test_the_history_knows_who_did_it():
    storage = InMemoryStorage()
    async with open_taskharbor(storage=storage) as harbor:
        ada = harbor.acting_as("ada")
        await harbor.create_task(title="Water the plants")
        await ada.start_task(1)
        await ada.run_batch([ChangeTask(id=1, priority=3)])
        await ada.acting_as("bob").complete_task(1)
        await ada.acting_as(None).reopen_task(1)

        assert await _actors(storage) == [None, "ada", "ada", "bob", None]


async def test_an_actor_stays_the_same_in_another_workspace():
    storage = InMemoryStorage()
    async with open_taskharbor(storage=storage) as harbor:
        await harbor.acting_as("ada").in_workspace("team").create_task(title="Plan the party")

        assert await _actors(storage, "team") == ["ada"]


async def test_what_cannot_be_a_name_is_refused_at_once(harbor):
    with pytest.raises(InvalidValue) as caught:
        harbor.acting_as("")
    assert caught.value.field == "actor"
