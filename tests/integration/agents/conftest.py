import pytest
import pytest_asyncio

from agents_in_memory import NOW, Call, calling
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor
from taskharbor.testing.doubles.clock import FakeClock


@pytest_asyncio.fixture
async def harbor():
    async with open_taskharbor("memory://", clock=FakeClock(NOW)) as harbor:
        yield harbor


@pytest.fixture
def call(harbor: Harbor) -> Call:
    return calling(harbor)


@pytest.fixture
def refused(harbor: Harbor) -> Call:
    return calling(harbor, fails=True)
