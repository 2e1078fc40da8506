import pytest

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    return f"sqlite:///{tmp_path}/tasks.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


async def next_ids(url: str, count: int) -> list[int]:
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        return [await storage.next_task_id("default") for _ in range(count)]


async def test_a_process_that_starts_again_goes_on_counting(url):
    assert await next_ids(url, 1) == [1]
    assert await next_ids(url, 12) == list(range(2, 14))
    assert await next_ids(url, 1) == [14]


async def test_what_another_process_has_gone_past_is_never_put_back(url):
    async with storage_from_url(url, StorageOptions(migrate=True)) as one:
        first = await one.next_task_id("default")
        async with storage_from_url(url, StorageOptions(migrate=True)) as other:
            second = await other.next_task_id("default")
    third, fourth = await next_ids(url, 2)
    assert len({first, second, third, fourth}) == 4
    assert first < second < third < fourth
