"""The store of the guide: what it shows is what is tried here."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from taskharbor.application.ports import KeyValueStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import StorageContract

_GUIDE = Path(__file__).parents[2] / "docs" / "storage.md"


def _store_of_the_guide() -> Callable[[], Storage]:
    [program] = re.findall(r"```python\n(# sorted_dict.py\n.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert program.count("\n") < 90, "the guide promises a store in under 90 lines"
    names: dict[str, Any] = {"__name__": "sorted_dict"}
    exec(program, names)
    return lambda: KeyValueStorage(names["SortedDict"]())


@pytest.mark.long
class TestSortedDict(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with _store_of_the_guide()() as storage:
            yield storage
