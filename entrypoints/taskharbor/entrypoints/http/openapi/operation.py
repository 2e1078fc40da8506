"""What an operation is: where it is, what does it, and how it is described."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.errors import (
    PermissionDenied,
    StoreUnavailable,
    Unauthenticated,
    WorkspaceArchived,
    WorkspaceNotFound,
)
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, Json, RequestBody, other_problems, problems
from taskharbor.entrypoints.http.openapi.security import FOR_EVERYONE
from taskharbor.entrypoints.http.openapi.tags import Tag
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, MalformedJson
from taskharbor.entrypoints.http.requests.idempotency_key import IDEMPOTENCY_ERRORS
from taskharbor.entrypoints.http.requests.parameter import Parameter
from taskharbor.entrypoints.http.requests.parameters import IDEMPOTENCY_KEY, IF_NONE_MATCH, PREFER
from taskharbor.entrypoints.http.schemas.documents import TaskDocument

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

UNAVAILABLE: Final = StoreUnavailable("")
BODY_ERRORS: Final = (MalformedJson("Expecting value at line 1 column 10"), BodyTooLarge(1_048_576))


@frozen(kw_only=True)
class Operation:
    """One method on one path.

    Attributes:
        name: its operationId, without what makes it unique where it is mounted twice.
        topic: under which heading it is shown.
        needs: what callers must be permitted to; None if it is for everyone, known or not.
        is_keyed: whether it takes an `Idempotency-Key` if it may change something.
        path: with the slash, or none, that is shown; the other spelling works too.
        deleted: the answer with what was deleted, for callers who prefer that.
        nothing: the answer (204) if there is nothing to answer with.
    """

    name: str
    topic: Tag
    needs: Permission | None
    method: str
    path: str
    endpoint: Endpoint
    summary: str
    description: str
    status: int = 200
    model: Any = TaskDocument
    success: Json
    errors: Sequence[TaskharborError]
    parameters: Sequence[Parameter[Any]] = ()
    deleted: Json | None = None
    nothing: Json | None = None
    body: Json | RequestBody | None = None
    is_keyed: bool = True

    @property
    def is_unsafe(self) -> bool:
        """Whether it may change something (RFC 9110 section 9.2.1)."""
        return self.method != "GET"

    @property
    def takes_key(self) -> bool:
        """Whether it takes an `Idempotency-Key`."""
        return self.is_unsafe and self.is_keyed

    @property
    def responses(self) -> dict[int | str, Json]:
        """All answers as OpenAPI describes them."""
        errors = [*self.errors, *IDEMPOTENCY_ERRORS] if self.takes_key else list(self.errors)
        if self.needs is not None:
            errors += _refusals(self.needs)
        described = {self.status: self.success, **problems(*errors), **other_problems()}
        if self.nothing is not None:
            described[204] = self.nothing
        if self.deleted is not None:
            described[200] = self.deleted
        if IF_NONE_MATCH in self.parameters:
            described[304] = {"description": "The caller's copy is current", "headers": ETAG}
        return described

    @property
    def extra(self) -> Json:
        """What describes the request."""
        preferable = [] if self.deleted is None else [PREFER]
        parameters = [*self.parameters, *preferable, *([IDEMPOTENCY_KEY] if self.takes_key else [])]
        described = {"parameters": [parameter.as_json() for parameter in parameters]} if parameters else {}
        body = self.body.as_json() if isinstance(self.body, RequestBody) else self.body
        open_to_all = FOR_EVERYONE if self.needs is None else {}
        return described | ({"requestBody": body} if body else {}) | open_to_all


def _refusals(needs: Permission) -> list[TaskharborError]:
    """Return how the door refuses callers, which is the same for every operation that needs as much."""
    refusals: list[TaskharborError] = [Unauthenticated(), WorkspaceNotFound("team")]
    if needs > Permission.READ:
        refusals.append(PermissionDenied(needs.label, has=Permission(needs - 1).label))
    if needs is Permission.WRITE:
        refusals.append(WorkspaceArchived("team"))
    return refusals
