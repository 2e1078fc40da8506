"""What Schemathesis cannot know by itself."""

from typing import Any, Final

import schemathesis

_WAITS: Final = {str(seconds) for seconds in range(1, 61)}
"""What may be waited for a task to claim is longer than `request-timeout`."""


@schemathesis.serializer("application/jsonl", "application/zip")
def file(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """Send a file as it is."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case, _kwargs: dict[str, Any]) -> None:
    """Give ETags back the quotes that Schemathesis takes from the values of headers, and wait for no task to claim."""
    if str(case.query.get("wait")) in _WAITS:
        case.query["wait"] = 0
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name in ("If-Match", "If-None-Match"):
        value = case.headers.get(name)
        if value and not value.startswith(('"', "W/", "*")):
            case.headers[name] = f'"{value}"'
