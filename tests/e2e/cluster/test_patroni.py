"""A cluster under Patroni loses its leader, time and again: nobody restarts us, nothing acknowledged is lost."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.cluster.haproxy import answers, haproxy
from e2e.cluster.network import can_be_made
from e2e.cluster.nodes import USER, urls_of
from e2e.cluster.patroni import Member, leader_of, patroni_cluster, python, wait_until
from e2e.cluster.test_failover import BACK_WITHIN, Writer, more_of, written
from taskharbor.adapters.sqlalchemy.schema import upgrade
from taskharbor.entrypoints.embedded import open_taskharbor

FAILOVERS = int(os.environ.get("TASKHARBOR_TEST_FAILOVERS", "3"))

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300 + FAILOVERS * 180),
    pytest.mark.skipif(python() is None, reason="there is no Python that the user of PostgreSQL can run"),
]


@pytest.fixture
def members() -> Iterator[list[Member]]:
    with patroni_cluster() as members:
        yield members


def lose(leader: Member, loss: str) -> None:
    {"killed": leader.kill, "frozen": leader.freeze, "cut off": leader.cut_off}[loss]()


def find_again(member: Member, loss: str) -> None:
    if loss == "cut off":
        assert member.machine is not None
        member.machine.connect()  # it is a leader no more, and finds out by itself
    else:
        member.kill()
        member.start()


def is_whole(members: list[Member]) -> bool:
    roles = sorted(member.role() for member in members)
    return roles == ["primary", "replica", "replica"] and any(member.is_synchronous() for member in members)


async def lose_leaders(url: str, members: list[Member], failovers: int) -> None:
    """Have eight writers go on while one leader after another is lost; all that they were told must be there, once."""
    async with open_taskharbor(url) as harbor:
        stop = asyncio.Event()
        writers = [Writer(harbor, f"writer{n}") for n in range(8)]
        running = [asyncio.ensure_future(writer.write(stop)) for writer in writers]
        times: list[float] = []
        losses = ["killed", "frozen", *(["cut off"] if can_be_made() else [])]
        for number in range(failovers):
            await more_of(writers, 10)
            leader = await asyncio.to_thread(leader_of, members)
            assert leader is not None
            began = time.monotonic()
            lose(leader, losses[number % len(losses)])
            await more_of(writers, 1)
            times.append(time.monotonic() - began)
            find_again(leader, losses[number % len(losses)])
            print(f"{losses[number % len(losses)]}: {times[-1]:.1f} s", flush=True)
            try:
                await asyncio.to_thread(wait_until, lambda: is_whole(members), 300)
            except AssertionError:
                for member in members:
                    print(f"--- {member.name}, {member.role()}:\n{member.last_words()}")
                raise
        stop.set()
        await asyncio.gather(*running)
        acknowledged, found = await written(harbor, writers)
        print(
            f"{failovers} failovers ({', '.join(losses)}), {len(acknowledged)} acknowledged, "
            f"back after {[round(one) for one in times]} s"
        )
        assert {key: found.get(key) for key in acknowledged} == {key: [task] for key, task in acknowledged.items()}
        assert max(times) < BACK_WITHIN


async def test_a_cluster_that_loses_its_leader_loses_nothing_else(members: list[Member]) -> None:
    url = urls_of(*(member.node for member in members))
    await upgrade(url)
    await lose_leaders(url, members, FAILOVERS)


async def test_behind_haproxy_one_address_leads_to_whoever_leads(members: list[Member], tmp_path: Path) -> None:
    with haproxy(members, tmp_path) as port:
        url = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        # Before it has looked at all of them it leads to each in its turn.
        await asyncio.to_thread(wait_until, lambda: all(asyncio.run(answers(url)) for _ in 2 * members))
        await upgrade(url)
        await lose_leaders(url, members, 3)
