import pytest

from taskharbor.entrypoints.embedded.opening import open_taskharbor


@pytest.fixture(params=["memory", "sqlite"])
async def harbor(request, tmp_path):
    url = {"memory": "memory://", "sqlite": f"sqlite:///{tmp_path}/tasks.db"}[request.param]
    async with open_taskharbor(url) as harbor:
        yield harbor
