"""From a command to the request that carries it out."""

import re
from dataclasses import fields
from typing import Any, Final
from urllib.parse import quote

from taskharbor.application.batch.references import command_of
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.entrypoints.client.messages import Request
from taskharbor.entrypoints.client.operations import OPERATIONS
from taskharbor.entrypoints.client.problems import Asked
from taskharbor.entrypoints.client.wire import body_of

ANSWER_WITH_IT: Final = {"Prefer": "return=representation"}
"""What is deleted is answered with, as `Harbor` returns it (RFC 7240 section 4.2)."""

_IN_PATH: Final = re.compile(r"\{(\w+)\}")


def request_of(command: Any, *, key: str | None) -> Request:  # noqa: ANN401  # any of the `OPERATIONS`
    """Return the request that carries out a command."""
    operation = OPERATIONS[type(command)]
    members = body_of(command)
    headers = dict(ANSWER_WITH_IT) if operation.method == "DELETE" else {}
    expected = members.pop("if_match", None)
    if expected is not None:
        headers["If-Match"] = f'"{expected}"'
    fence = members.pop("fence", None)
    if fence is not None:
        headers["If-Claim"] = str(fence)
    in_path = {name: quote(str(members.pop(name)), safe="") for name in _IN_PATH.findall(operation.path)}
    query = {name: members.pop(name) for name in operation.query if name in members}
    renamed = operation.renamed or {}
    return Request(
        method=operation.method,
        path=operation.path.format_map(in_path),
        asked=Asked(operation.subject, values_of(command, operation.subject)),
        query=query,
        body={renamed.get(name, name): value for name, value in members.items()} if operation.has_body else None,
        headers=headers,
        key=key,
    )


def batch_request(batch: RunBatch, *, key: str | None) -> Request:
    """Return the request that carries out a batch."""
    return Request(
        method="POST",
        path="/batch",
        asked=Asked("task", {}, tuple(values_of(command_of(entry)) for entry in batch.commands)),
        body=body_of(batch),
        headers=ANSWER_WITH_IT,
        key=key,
    )


def values_of(command: Any, subject: str | None = None) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return what a command says, by the names that errors give it."""
    values = {field.name: getattr(command, field.name) for field in fields(command)}
    if subject is None:
        subject = OPERATIONS[type(command)].subject
    return values | {f"{subject}_id": values.get("id"), "expected": values.get("if_match")}
