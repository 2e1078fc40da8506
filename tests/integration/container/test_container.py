import subprocess
import sys

import pytest
from pydantic import SecretStr

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.settings.settings import Settings

IN_MEMORY = Settings(database_url=SecretStr("memory://"))


def test_each_part_is_built_once():
    container = container_from(IN_MEMORY)
    assert container.settings() is IN_MEMORY
    assert container.storage() is container.storage()
    assert container.use_cases() is container.use_cases()


async def test_two_containers_in_one_process_know_nothing_of_each_other():
    one, other = container_from(IN_MEMORY), container_from(IN_MEMORY)
    async with one.storage(), other.storage():
        await one.use_cases().execute(CreateTask(title="Only here"))
        assert len((await one.use_cases().list_tasks(ListTasks())).items) == 1
        assert (await other.use_cases().list_tasks(ListTasks())).items == []


def test_a_storage_of_ones_own_takes_the_place_of_the_url():
    storage = InMemoryStorage()
    container = container_from(Settings(database_url=SecretStr("mysql://unknown")), storage=storage)
    assert container.storage() is storage
    container.use_cases()


def test_the_settings_choose_the_store(tmp_path):
    url = SecretStr(f"sqlite:///{tmp_path}/tasks.db")
    assert type(container_from(Settings(database_url=url)).storage()).__name__ == "SqliteStorage"
    assert not list(tmp_path.iterdir()), "a storage is made closed"


def test_a_url_that_names_no_store_is_refused_without_being_repeated():
    container = container_from(Settings(database_url=SecretStr("mysql://user:hunter2@host/tasks")))
    with pytest.raises(InvalidValue) as refused:
        container.storage()
    assert "hunter2" not in str(refused.value)


def test_a_container_without_settings_says_so():
    with pytest.raises(Exception, match=r'"Container\.settings" is not defined'):
        Container().storage()


def test_nothing_is_built_at_import():
    code = (
        "import sys, taskharbor.entrypoints.container\n"
        "print([name for name in sys.modules if name.startswith(('taskharbor.adapters.', 'sqlalchemy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    light = (
        "clock",
        "filters",
        "filters.lazy_parser",
        "quick_add",
        "quick_add.lazy_reader",
        "recurrence",
        "recurrence.lazy_occurrences",
        "storage_options",
        "storage_url",
        "uids",
        "webhooks",
        "webhooks.lazy_sender",
    )
    assert sorted(eval(done.stdout)) == [f"taskharbor.adapters.{name}" for name in light]
