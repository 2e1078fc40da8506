"""Spans around the ports: every call of the store, narrowed callers, and links from deliveries to commits."""

import asyncio
import inspect
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from opentelemetry.trace import StatusCode, get_current_span

from integration.tracing.conftest import Spans
from integration.webhooks.deliveries import ME, QUICK, create, delivering, hook
from integration.webhooks.receiver import answer, receiving
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.opentelemetry.commit_traces import KIND, links_to_commits
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.store_figures import MeasuredStore
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.sync.watches import Watches
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, INBOX
from taskharbor.entrypoints.composition import use_cases_on

LOCAL = ["127.0.0.0/8"]


async def test_every_call_of_the_port_is_a_span_inside_another_and_none_outside(spans):
    calls = {name for name, member in inspect.getmembers(Storage, inspect.iscoroutinefunction) if name[0] != "_"}
    assert len(calls) > 20
    made = []

    class Recording(InMemoryStorage):
        pass

    def recorded(name):
        async def call(self, *_arguments, **_named):
            made.append(name)
            return 1

        call.__name__ = name
        return call

    for name in calls:
        setattr(Recording, name, recorded(name))
    storage = spans.tracing.storage(Recording())
    for name in calls - {"commit"}:
        await getattr(storage, name)()
    assert spans.all == ()
    with spans.tracing.provider.get_tracer("test").start_as_current_span("use case"):
        for name in calls - {"commit"}:
            await getattr(storage, name)()
        assert await storage.commit(Changeset(workspace=DEFAULT_WORKSPACE)) == 1
    expected = {f"store.{name}" for name in calls - {"open", "aclose", "ping"}}
    assert {span.name for span in spans.all} == expected | {"use case"}
    assert set(made) == calls


def test_optional_ports_of_a_store_stay(spans, tmp_path):
    sqlite = spans.tracing.storage(storage_from_url(f"sqlite:///{tmp_path}/t.db", StorageOptions()))
    assert isinstance(sqlite, CommitHints)
    assert isinstance(sqlite, MeasuredStore)
    assert not isinstance(spans.tracing.storage(InMemoryStorage()), CommitHints | MeasuredStore)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ConcurrentUpdate(), "concurrent_update", StatusCode.UNSET),
        (StoreUnavailable("it is away"), "store_unavailable", StatusCode.ERROR),
        (ZeroDivisionError("12345"), "ZeroDivisionError", StatusCode.ERROR),
    ],
)
async def test_a_commit_that_fails_says_how(spans, error, code, status):
    class Failing(InMemoryStorage):
        async def commit(self, changes):
            raise error

        begin_commit = Storage.begin_commit

    storage = spans.tracing.storage(Failing())
    with spans.tracing.provider.get_tracer("test").start_as_current_span("use case"), pytest.raises(type(error)):
        await storage.commit(Changeset(workspace=DEFAULT_WORKSPACE))
    commit = spans.one("store.commit")
    assert (commit.attributes["error.type"], commit.status.status_code) == (code, status)
    assert commit.status.description is None
    assert not commit.events


async def test_a_commit_that_is_refused_before_it_is_on_its_way_is_a_span_that_ends(spans, tmp_path):
    closed = spans.tracing.storage(storage_from_url(f"sqlite:///{tmp_path}/t.db", StorageOptions()))
    with spans.tracing.provider.get_tracer("test").start_as_current_span("use case"), pytest.raises(StoreUnavailable):
        closed.begin_commit(Changeset(workspace=DEFAULT_WORKSPACE))
    assert spans.one("store.commit").attributes["error.type"] == "store_unavailable"


async def test_what_looks_for_commits_is_not_a_part_of_the_request_that_began_it(spans):
    looks = []

    class Looked(InMemoryStorage):
        async def read_history_bounds(self, workspace):
            looks.append(get_current_span().get_span_context().is_valid)
            return await super().read_history_bounds(workspace)

    watches = Watches(spans.tracing.storage(Looked()), CommitSignals())
    with (
        spans.tracing.provider.get_tracer("test").start_as_current_span("GET /events"),
        watches.listening(DEFAULT_WORKSPACE, poll=0.001),
    ):
        async with asyncio.timeout(20):
            while len(looks) < 2:  # noqa: ASYNC110  # nothing says when
                await asyncio.sleep(0.001)
        assert spans.all == ()
    assert not any(looks)


async def test_callers_who_are_narrowed_have_spans_and_may_commit(spans):
    async with spans.tracing.storage(InMemoryStorage()) as storage:
        whole = use_cases_on(storage, tracing=spans.tracing)
        narrowed = whole.narrowed_to(frozenset({INBOX}))
        principal = replace(ME, lists=frozenset({INBOX}))
        await narrowed.execute(CreateTask(title="a task"), principal=principal)
        assert len((await narrowed.list_tasks(ListTasks())).items) == 1
    assert spans.named("CreateTask")
    assert spans.named("list_tasks")


async def test_a_delivery_by_another_process_links_to_the_commits_that_it_tells_and_tells_its_trace(tmp_path):
    url, one, other = f"sqlite:///{tmp_path}/tasks.db", Spans(), Spans()
    async with AsyncExitStack() as stack:
        harbors = [
            use_cases_on(
                await stack.enter_async_context(each.tracing.storage(storage_from_url(url, StorageOptions()))),
                tracing=each.tracing,
                webhook_networks=LOCAL,
            )
            for each in (one, other)
        ]
        receiver = await stack.enter_async_context(receiving())
        receiver.handlers = [answer("500 No")]
        view = await hook(harbors[0], receiver.url)
        await create(harbors[0], "first", "second")
        await stack.enter_async_context(delivering(harbors[1], QUICK))
        _, told = await receiver.count(2)
        async with asyncio.timeout(20):
            while len(other.named("webhook.deliver")) < 2:  # noqa: ASYNC110  # it ends after its answer
                await asyncio.sleep(0.001)
    failed, delivered = other.named("webhook.deliver")
    commits = {each.attributes["taskharbor.revision"]: each.context for each in one.named("store.commit")[-2:]}
    for span in (failed, delivered):
        assert span.parent is None
        links = {link.attributes["taskharbor.revision"]: link.context for link in span.links}
        assert {n: (c.trace_id, c.span_id) for n, c in links.items()} == {
            n: (c.trace_id, c.span_id) for n, c in commits.items()
        }
    assert len(commits) == 2
    assert failed.status.status_code is StatusCode.ERROR
    assert dict(delivered.attributes) == {
        "taskharbor.webhook": view.webhook.id,
        "taskharbor.workspace": "default",
        "taskharbor.type": "commits",
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "http.response.status_code": 204,
    }
    context = delivered.context
    assert told.headers["traceparent"].startswith(f"00-{context.trace_id:032x}-{context.span_id:016x}-")


async def test_what_was_kept_for_links_is_bounded_and_purged(spans):
    async with spans.tracing.storage(InMemoryStorage()) as storage:
        use_cases = use_cases_on(storage, tracing=spans.tracing)
        await create(use_cases, *map(str, range(5)))
        links = await links_to_commits(storage, DEFAULT_WORKSPACE, after=2, until=4)
        assert sorted(link.attributes["taskharbor.revision"] for link in links) == [3, 4]
        [*kept] = await storage.list_records(DEFAULT_WORKSPACE, KIND, after="", limit=10)
        assert [record.revision for record in kept] == [5, 4, 3, 2, 1]
        assert all(record.expires is not None for record in kept)
