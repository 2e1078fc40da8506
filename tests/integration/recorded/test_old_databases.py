"""Databases that the service of commit d7b48da wrote; see `tests/data/recorded/make_old_databases.py`."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from integration.recorded.session import BEGIN, STEP, Exchange, ask, client_of, undo_all
from taskharbor.adapters.sqlalchemy import schema
from taskharbor.application.idempotency.stored_names import ANSWER_NAMES
from taskharbor.testing import FakeClock

_RECORDED = Path(__file__).parents[2] / "data/recorded"

_WAITING = re.compile(r'-(?:blocked|free)(?="$)')

EXCHANGES = [Exchange(*each) for each in json.loads(gzip.decompress((_RECORDED / "old.session.json.gz").read_bytes()))]
KEPT = [
    each
    for each in EXCHANGES
    if each.method not in ("GET", "HEAD") and each.status < 300 and '"dry_run": true' not in json.dumps(each.body)
]

_VALUES = re.compile(r'"values":\{[^{}]*\},?')
_REWORDED = {
    "cannot be changed so, and none was:": "rejected the change, so no task was changed:",
    "It was restored, and deleted again, since": "It was restored and deleted again since",
    "Somebody has changed it since": "It has been changed since",
    "Somebody has deleted it since": "It has been deleted since",
    "There are tasks in it that came since": "It contains tasks that were added since",
}
"""Sentences that read otherwise today. All others, and all codes and values, are as they were."""


def as_today(text: str) -> str:
    """Return an old answer in today's words."""
    for old, new in _REWORDED.items():
        text = text.replace(old, new)
    return text


def as_then(text: str) -> str:
    """Return today's answer without the values that problems have had since. What was stored still has its words."""
    return as_today(_VALUES.sub("", text))


@pytest.fixture(params=["sqlite", "postgres"])
async def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        (tmp_path / "old.db").write_bytes(gzip.decompress((_RECORDED / "old.sqlite.gz").read_bytes()))
        return f"sqlite:///{tmp_path}/old.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    connection = await asyncpg.connect(url)
    await connection.execute(gzip.decompress((_RECORDED / "old.postgres.sql.gz").read_bytes()).decode())
    await connection.close()
    await schema.upgrade(url)
    return url


@pytest.fixture
async def old(old_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service of today, a second after what is in the database."""
    async with client_of(old_url, FakeClock(BEGIN + STEP * (len(EXCHANGES) + 1))) as client:
        yield client


async def test_every_request_with_a_key_is_answered_as_it_was_then_and_changes_nothing(old: httpx.AsyncClient) -> None:
    assert len(KEPT) > 80
    before = (await old.get("/changes?since=*&limit=1000")).text
    for each in KEPT:
        again = await ask(old, each.method, each.path, each.body, each.headers)
        # An ETag says since then whether a task that depends on others is blocked.
        said = {name: _WAITING.sub("", again.headers[name]) for name in each.answer if name in again.headers}
        assert (again.status_code, said) == (each.status, each.answer), each.number
        assert as_then(again.text) == as_today(each.text), each.number
    assert (await old.get("/changes?since=*&limit=1000")).text == before


async def test_another_request_with_such_a_key_is_refused(old: httpx.AsyncClient) -> None:
    answer = await ask(old, "POST", "/tasks/", {"title": "Another"}, {"Idempotency-Key": "step-3"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_all_reads_as_it_did_at_the_end(old: httpx.AsyncClient) -> None:
    last_change = max(each.number for each in KEPT if each.method != "GET")
    reads = [each for each in EXCHANGES if each.number > last_change and each.path.startswith(("/t", "/l", "/f"))]
    assert len(reads) >= 4
    for each in reads:
        answer = await ask(old, each.method, each.path, None, {})
        assert (answer.status_code, answer.text) == (each.status, each.text), each.path


async def test_every_commit_is_undone_as_it_was_then(old: httpx.AsyncClient) -> None:
    undone = json.loads(gzip.decompress((_RECORDED / "old.undone.json.gz").read_bytes()))
    assert sum(answer.startswith("200 ") for answer in undone) == len(undone) > 80
    assert [as_then(answer) for answer in await undo_all(old)] == [as_today(answer) for answer in undone]


def test_answers_of_all_kinds_are_kept_in_them() -> None:
    dump = gzip.decompress((_RECORDED / "old.postgres.sql.gz").read_bytes()).decode()
    kinds = set(re.findall(r'\{"[a-z_.]+:(\w+)":', dump))
    # These let nothing be written, an answer neither, or nothing in a batch can be refused so.
    never = {
        *("BatchRefused", "ConcurrentUpdate", "IdempotencyKeyInFlight", "IdempotencyKeyReused", "ImportRefused"),
        *("MissingDependency", "StoreNotReady", "StoreUnavailable", "TokenExpired"),
    }
    # These need a history that was purged, or a thousand subtasks.
    rare = {"HistoryForgotten", "TooManySubtasks"}
    later = {
        "ImportNotFound",
        "ImportUndone",
        "PermissionDenied",
        "QueryTooExpensive",
        "QuotaExceeded",
        "Unauthenticated",
    }
    later |= {"WorkspaceArchived", "WorkspaceNotFound"}
    later |= {"ActorUndoOutcome", "RefusedUndo", "AlertNotFound", "ClaimEnded", "TaskClaimed", "TaskClosed"}
    later |= {"WorkspaceIdTaken", "ExportFirst", "InvitationNotFound", "LastOwner", "MemberIdTaken"}
    later |= {"MemberNotFound", "TokenNotFound"}
    later |= {"QuickAdded", "Taken"}
    later |= {"TooManyWebhooks", "WebhookNotFound"}
    assert kinds == {*ANSWER_NAMES.values()} - never - rare - later
