"""The operations on claims, one by one."""

from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, PreconditionFailed
from taskharbor.application.saved_filters.saved_filter import FilterNotFound
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import ClaimEnded, InvalidValue, TaskClaimed, TaskClosed, TaskNotFound
from taskharbor.entrypoints.http.claims.bodies import CLAIM, CLAIM_NEXT, RENEW
from taskharbor.entrypoints.http.claims.endpoints import ClaimEndpoints
from taskharbor.entrypoints.http.claims.parameters import FORCE, WAIT
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import CLAIMS
from taskharbor.entrypoints.http.requests.claim_fence import CLAIM_ERRORS
from taskharbor.entrypoints.http.requests.errors import UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameters import IF_CLAIM, IF_MATCH, TASK_ID
from taskharbor.entrypoints.http.schemas.examples import CLAIM_OF_BOT, OPEN_TASK, claimed_example, task_example

_CLAIMED: Final = TaskClaimed(OPEN_TASK.id, holder=CLAIM_OF_BOT.holder, until=CLAIM_OF_BOT.until)
_LEASE: Final = InvalidValue("lease", "must be from PT1S to P1D")


def claim_operations(endpoints: ClaimEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="claim_next_task",
            topic=CLAIMS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/claim",
            endpoint=endpoints.claim_next,
            summary="Claim the next task",
            description="Claims the first task that matches, is open, not blocked and not claimed, in one commit, and "
            "returns it with its `claim`. Of several requests at once each gets a task of its own: those that come "
            "second take one of the next. If there is none, the response is 204, with `wait` only after that many "
            "seconds without one.",
            parameters=[WAIT],
            body=RequestBody(
                CLAIM_NEXT,
                JSON,
                {
                    "whatever comes first": {"holder": "bot-1"},
                    "the most important": {
                        "filter": "tags:bots",
                        "sort": "-urgency",
                        "holder": "bot-1",
                        "lease": "PT10M",
                    },
                },
                required=False,
            ),
            success=answer("The task, claimed", headers=ETAG, example=claimed_example()),
            nothing=answer("There is no such task"),
            errors=[
                *BODY_ERRORS,
                ConcurrentUpdate(OPEN_TASK.id),
                FilterNotFound("shopping"),
                UnsupportedMediaType(JSON),
                _LEASE,
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="claim_task",
            topic=CLAIMS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/claim",
            endpoint=endpoints.claim,
            summary="Claim a task",
            description="Claims one open task. While the claim holds, others cannot change the progress of the task. "
            "It ends when the lease is over, when it is released, and when the task is completed or cancelled.",
            parameters=[TASK_ID, IF_MATCH],
            body=RequestBody(CLAIM, JSON, {"for ten minutes": {"holder": "bot-1", "lease": "PT10M"}}, required=False),
            success=answer("The task, claimed", headers=ETAG, example=claimed_example()),
            errors=[
                *BODY_ERRORS,
                TaskNotFound(OPEN_TASK.id),
                TaskClosed(OPEN_TASK.id),
                _CLAIMED,
                ConcurrentUpdate(OPEN_TASK.id),
                PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision),
                UnsupportedMediaType(JSON),
                _LEASE,
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="renew_claim",
            topic=CLAIMS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/renew",
            endpoint=endpoints.renew,
            summary="Renew a claim",
            description="Lets the claim end `lease` from now. Its fence stays. Without `If-Claim` the actor must be "
            "the holder.",
            parameters=[TASK_ID, IF_MATCH, IF_CLAIM],
            body=RequestBody(RENEW, JSON, {"for ten minutes": {"lease": "PT10M"}}, required=False),
            success=answer("The task, still claimed", headers=ETAG, example=claimed_example()),
            errors=[
                *BODY_ERRORS,
                *CLAIM_ERRORS,
                TaskNotFound(OPEN_TASK.id),
                _CLAIMED,
                ClaimEnded(OPEN_TASK.id, fence=7),
                ConcurrentUpdate(OPEN_TASK.id),
                PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision),
                UnsupportedMediaType(JSON),
                _LEASE,
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="release_claim",
            topic=CLAIMS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/release",
            endpoint=endpoints.release,
            summary="Release a claim",
            description="Ends the claim. A task without one is left unchanged. Without `If-Claim` the actor must be "
            "the holder, unless the claim is ended by `force`, whoever holds it.",
            parameters=[TASK_ID, FORCE, IF_MATCH, IF_CLAIM],
            success=answer("The task, free", headers=ETAG, example=task_example()),
            errors=[
                *CLAIM_ERRORS,
                TaskNotFound(OPEN_TASK.id),
                _CLAIMED,
                ClaimEnded(OPEN_TASK.id, fence=7),
                ConcurrentUpdate(OPEN_TASK.id),
                PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision),
                UNAVAILABLE,
            ],
        ),
    ]
