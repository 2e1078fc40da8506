"""Use cases that are spans."""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final, TypeVar

from opentelemetry.trace import Tracer

from taskharbor.adapters.opentelemetry.spans import span
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import ListId

R = TypeVar("R")

_BESIDE_REQUESTS: Final = frozenset({"aclose", "deliver", "deliver_due", "fire_due", "purge"})
_BY_SUBJECT: Final = ("access", "history", "reminders", "search", "webhooks")


def traced_use_cases(use_cases: UseCases, tracer: Tracer) -> UseCases:
    """Make a span of each call of these use cases, and of those that are made of them by narrowing.

    A span has the name of the command, such as `CreateTask`, or else that of the method, such as `search.find_tasks`.
    What is done beside requests has none, nor do streams.
    """
    _trace(use_cases, "", tracer)
    for subject in _BY_SUBJECT:
        _trace(getattr(use_cases, subject), f"{subject}.", tracer)
    narrowed_to = use_cases.narrowed_to

    def traced_narrowed_to(lists: frozenset[ListId]) -> UseCases:
        return traced_use_cases(narrowed_to(lists), tracer)

    setattr(use_cases, "narrowed_to", traced_narrowed_to)  # noqa: B010  # as the other methods are
    return use_cases


def _trace(use_cases: object, prefix: str, tracer: Tracer) -> None:
    for name in dir(use_cases):
        if not name.startswith("_") and name not in _BESIDE_REQUESTS and name not in vars(use_cases):
            call = getattr(use_cases, name)
            if inspect.iscoroutinefunction(call):
                setattr(use_cases, name, _spanned(call, f"{prefix}{name}", tracer))


def _spanned(call: Callable[..., Awaitable[R]], name: str, tracer: Tracer) -> Callable[..., Awaitable[R]]:
    is_named_by_command = call.__name__ in {"execute", "ask"}

    @wraps(call)
    async def spanned(*arguments: Any, **named: Any) -> R:  # noqa: ANN401  # those of the use case
        with span(tracer, type(arguments[0]).__name__ if is_named_by_command else name):
            return await call(*arguments, **named)

    return spanned
