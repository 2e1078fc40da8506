"""A program moves from embedding to a server by one line."""

import inspect
import re
from collections import Counter

import pytest

from integration.client.conftest import here, there
from integration.client.story import STORIES, refusals
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.quick_add.quick_add import QuickAdd
from taskharbor.application.undo.undo_actor import UndoActor
from taskharbor.client import NotServed
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.client.operations import OPERATIONS
from taskharbor.entrypoints.embedded import Harbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings

WITHOUT_A_CALL = {("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/events")}
"""Beside members and tokens: what is for those who run a server, and a stream that does not end, which
`tests/e2e/test_events.py` has."""

WITHOUT_AN_OPERATION = {
    "fire_reminders", "purge", "acting_as", "in_workspace", "follow_commits", "deliver_webhooks", "reading",
}  # fmt: skip
"""What a client does not do, or not by asking, and that stream."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_every_call_is_answered_as_it_is_without_a_server(story):
    async with here() as harbor:
        expected = await story(harbor)
    async with there() as harbor:
        answered = await story(harbor)
    for number, (one, other) in enumerate(zip(answered, expected, strict=True)):
        assert one == other, number


async def test_every_call_is_refused_as_it_is_without_a_server():
    async with here() as harbor:
        expected = await refusals(harbor)
    async with there() as harbor:
        raised = await refusals(harbor)
    for number, (one, other) in enumerate(zip(raised, expected, strict=True)):
        assert type(one) is type(other), number
        assert str(one) == str(other), number
        assert {name: repr(value) for name, value in vars(one).items()} == {
            name: repr(value) for name, value in vars(other).items()
        }, number
    assert len({type(one) for one in raised}) > 20


async def test_every_operation_has_a_call_and_every_call_an_operation(monkeypatch):
    called: Counter[str] = Counter()
    calls = {name for name, _ in inspect.getmembers(Harbor, inspect.isfunction) if not name.startswith("_")}

    def counting(name):
        call = getattr(Harbor, name)

        def counted(self, *arguments, **named):
            called[name] += 1
            return call(self, *arguments, **named)

        return counted

    for name in calls:
        monkeypatch.setattr(Harbor, name, counting(name))
    seen: set[tuple[str, str]] = set()
    for story in STORIES:
        async with there(seen) as harbor:
            await story(harbor)
    assert calls - set(called) == WITHOUT_AN_OPERATION
    described = create_app(Settings(database_url="memory://")).openapi()["paths"]
    operations = {(method.upper(), path) for path, methods in described.items() for method in methods}
    managing = {
        (method.upper(), path)
        for path, methods in described.items()
        for method, operation in methods.items()
        if "access" in operation["tags"]
    }
    left = operations - {_operation(method, path, operations) for method, path in seen}
    assert left == WITHOUT_A_CALL | managing


def _operation(method, path, operations):
    """Return the operation at this path: the one with the fewest placeholders."""
    found = [
        (other, shape)
        for other, shape in operations
        if other == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", shape), path)
    ]
    return min(found, key=lambda each: each[1].count("{"))


def test_every_command_has_an_operation():
    assert {kind.command for kind in COMMANDS.values() if kind.wire is not None} | {
        QuickAdd,
        UndoActor,
    } == OPERATIONS.keys()


async def test_what_only_embedding_can_do_is_refused_in_a_sentence():
    async with there() as harbor:
        with pytest.raises(NotServed, match="does not offer purge"):
            await harbor.purge()
        with pytest.raises(InvalidValue, match="actor: must be None when a server is asked"):
            await harbor.acting_as("ada").create_task(title="x")
