"""A change that has nothing to do with the words of a task does not write them again."""

import pytest

from taskharbor.adapters.sqlalchemy.postgres.commit_rows import CommitRows
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import order_from


@pytest.fixture
def words_sent(monkeypatch):
    sent = []

    rows_of = CommitRows.of

    def spy(group):
        rows = rows_of(group)
        sent.extend(rows.arguments.get("changed_words", ()))
        return rows

    monkeypatch.setattr(CommitRows, "of", spy)
    return sent


async def _found(postgres, word: str) -> list[int]:
    wanted = mentions_of("q", word)
    query = TaskQuery(filter=wanted, order=order_from("id"), after=None, limit=10)
    return [view.id for view in await postgres.find_tasks("default", query)]


async def test_a_completed_task_is_found_by_words_that_were_not_written_again(
    postgres, use_cases_on, words_sent
) -> None:
    use_cases = use_cases_on(postgres)
    task = await use_cases.execute(CreateTask(title="Water the fern"))
    await use_cases.execute(CompleteTask(id=task.id))
    assert words_sent == [None]
    assert await _found(postgres, "fern") == [task.id]


async def test_a_task_with_another_title_is_found_by_its_words_only(postgres, use_cases_on, words_sent) -> None:
    use_cases = use_cases_on(postgres)
    task = await use_cases.execute(CreateTask(title="Water the fern"))
    await use_cases.execute(ChangeTask(id=task.id, title="Water the cactus"))
    assert "cactus" in words_sent[0]
    assert await _found(postgres, "fern") == []
    assert await _found(postgres, "cactus") == [task.id]
