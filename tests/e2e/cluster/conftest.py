import asyncio
from collections.abc import Iterator

import pytest

from e2e.cluster.nodes import Node, nodes
from taskharbor.adapters.sqlalchemy.schema import upgrade


@pytest.fixture
def pair() -> Iterator[tuple[Node, Node]]:
    """A primary, whose commits wait for its standby."""
    with nodes("primary", "standby") as (primary, standby):
        primary.create()
        primary.start()
        standby.copy(primary)
        standby.start()
        asyncio.run(primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'"))
        asyncio.run(primary.execute("SELECT pg_reload_conf()"))
        asyncio.run(upgrade(primary.url))
        yield primary, standby
