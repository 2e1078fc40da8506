"""Role x operation: made from the route table, so an operation that is not in it cannot be served."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from integration.http.serving import PREFIX, client_of, container, host_of
from taskharbor.application.access.directory_queries import QUERIES
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http import taskharbor_router
from taskharbor.entrypoints.http.access.endpoints import AccessEndpoints
from taskharbor.entrypoints.http.access.operations import access_operations
from taskharbor.entrypoints.http.openapi.operation import Operation
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.routes import _operations_of, mounted_routes, operations_on_access


async def by_header(request: Request) -> Principal:
    """Believe what the test says."""
    if "permission" not in request.headers:
        raise Unauthenticated
    permission = Permission[request.headers["permission"]]
    return Principal(
        kind=PrincipalKind.MEMBER,
        id="ada",
        actor="ada",
        workspace="team",
        permission=permission,
        member="ada",
        archived="archived" in request.headers,
    )


_CONTAINER = container()
_CALLERS = Callers(by_header)
_ACCESS = AccessEndpoints(_CONTAINER.use_cases().access, callers=_CALLERS, max_body_bytes=65_536)
ALL = [*_operations_of(_CONTAINER, _CONTAINER.use_cases(), _CALLERS), *access_operations(_ACCESS)]
OPERATIONS = [each for each in ALL if each.needs is not None]
_STREAMS = {"events"}
"""Their answer to GET does not end."""

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    parts = container()
    host = host_of(taskharbor_router(container=parts, principal=by_header))
    host.include_router(mounted_routes(operations_on_access(parts, by_header)), prefix=PREFIX)
    return host


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, f"http://test{PREFIX}") as client:
        yield client


async def ask(client: httpx.AsyncClient, operation: Operation, **headers: str) -> httpx.Response:
    path = re.sub(r"\{\w+\}", "1", operation.path)
    method = "HEAD" if operation.name in _STREAMS and "permission" in headers else operation.method
    return await client.request(method, path, headers=headers)


@each_operation
@pytest.mark.parametrize("has", Permission, ids=lambda each: each.label)
async def test_an_operation_is_for_those_who_are_permitted_what_it_needs(
    client: httpx.AsyncClient, operation: Operation, has: Permission
) -> None:
    answer = await ask(client, operation, permission=has.name)
    if has >= operation.needs:
        assert answer.status_code not in (401, 403)
        return
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"
    assert answer.json()["detail"] == f"This needs {operation.needs.label}; the caller has {has.label}"
    challenge = f'Bearer realm="taskharbor", error="insufficient_scope", scope="{operation.needs.label}"'
    assert answer.headers["www-authenticate"] == challenge


@each_operation
async def test_a_stranger_is_told_the_same_everywhere(client: httpx.AsyncClient, operation: Operation) -> None:
    answer = await ask(client, operation)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "urn:taskharbor:problem:unauthenticated",
        "title": "Unauthenticated",
        "status": 401,
        "detail": "This needs credentials that are accepted here",
        "code": "unauthenticated",
    }
    assert answer.headers["www-authenticate"] == 'Bearer realm="taskharbor"'


@each_operation
async def test_an_archived_workspace_is_read_and_takes_no_changes(
    client: httpx.AsyncClient, operation: Operation
) -> None:
    answer = await ask(client, operation, permission="MANAGE", archived="yes")
    if operation.needs is Permission.WRITE:
        assert (answer.status_code, answer.json()["code"]) == (409, "workspace_archived")
    else:
        assert answer.headers.get("content-type") != "application/problem+json" or answer.json()["status"] != 409


def test_an_operation_that_does_not_say_what_it_needs_cannot_be_made() -> None:
    undeclared = {name: getattr(OPERATIONS[0], name) for name in Operation.__dataclass_fields__ if name != "needs"}
    with pytest.raises(TypeError, match="needs"):
        Operation(**undeclared)


def test_whatever_changes_something_needs_more_than_to_read_but_to_leave() -> None:
    assert {each.name for each in OPERATIONS if each.is_unsafe and each.needs < Permission.WRITE} == {"leave_workspace"}


def test_only_an_invitation_is_for_everyone() -> None:
    assert {each.name for each in ALL if each.needs is None} == {"accept_invitation"}


def test_what_concerns_access_needs_what_its_command_or_query_needs() -> None:
    declared = {kind.name: kind.needs for kind in (*COMMANDS.values(), *QUERIES.values())}
    others = {"get_me", "list_members", "accept_invitation"}
    needed = {each.name: each.needs for each in access_operations(_ACCESS) if each.name not in others}
    assert needed == {name: declared[name] for name in needed}
    assert len(needed) == 15
