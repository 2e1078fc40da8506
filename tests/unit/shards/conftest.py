"""What tests of shards share."""

import pytest

from unit.shards.cluster import Cluster


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()
