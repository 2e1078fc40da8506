"""The comparison: rounds that start the contestants in turn, so that a slow minute hurts them all."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import GET
from benchmarks.client import client_on
from benchmarks.lineup import Contestant
from benchmarks.plan import Plan
from benchmarks.servers import running
from benchmarks.stores import FreshDatabase
from benchmarks.temporary import temporary_folder
from benchmarks.wrk import Measurement, drive

WARM_UP_SECONDS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One call to one contestant on one store in one round."""

    round: int
    store: str
    contestant: str
    call: str
    measured: Measurement


def play(plan: Plan, stores: Mapping[str, FreshDatabase]) -> Iterator[Sample]:
    """Yield the samples of all rounds as they are taken."""
    for round_ in range(1, plan.rounds + 1):
        for store in plan.stores:
            for contestant in plan.contestants:
                for call, measured in _measure(contestant, stores[store], plan):
                    yield Sample(round=round_, store=store, contestant=contestant.name, call=call, measured=measured)


def write_ids(ids: list[int], path: Path) -> None:
    """Write one id per line in an order that is random and always the same."""
    random.Random(0).shuffle(ids)
    path.write_text("".join(f"{id_}\n" for id_ in ids))


def _measure(contestant: Contestant, fresh_database: FreshDatabase, plan: Plan) -> Iterator[tuple[str, Measurement]]:
    with (
        temporary_folder() as folder,
        fresh_database() as url,
        running(contestant, url) as server,
    ):
        with client_on(server.port) as client:
            ids = client.create_tasks(plan.tasks)
        ids_file = folder / "ids"
        write_ids(ids, ids_file)
        drive(GET, port=server.port, ids=ids_file, seconds=WARM_UP_SECONDS)
        for call in plan.calls_of(contestant):
            with client_on(server.port) as client:
                client.send(call, task_id=ids[0])
            yield call.name, drive(call, port=server.port, ids=ids_file, seconds=plan.seconds)
