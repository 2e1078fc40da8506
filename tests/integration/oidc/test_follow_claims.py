"""Roles that follow the claims of an issuer, at each sign-in of a browser."""

import logging

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.access.directory_queries import GetWorkspace
from taskharbor.application.access.manage_members import PutMember, RemoveMember
from taskharbor.application.errors import WorkspaceNotFound
from taskharbor.application.principal import system_in
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.access.permission import Role
from taskharbor.entrypoints.http.access.issuer_members import IssuerMembers
from taskharbor.entrypoints.settings.oidc import OidcIssuer
from taskharbor.testing import FakeClock, FakeUids

GRANTS = (
    {"workspace": "eng", "role": "owner", "claim": "groups", "value": "leads"},
    {"workspace": "eng", "role": "editor", "claim": "groups", "value": "engineering"},
    {"workspace": "all", "role": "viewer"},
)


@pytest.fixture
def access():
    return UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids()).access


def members_of(access, **said):
    issuer = {"issuer": "https://id.example.org", "audience": "tasks", "create_members": True, "grants": GRANTS} | said
    return IssuerMembers(access, OidcIssuer(**issuer))


async def roles(access, workspace="eng"):
    found = await access.ask(GetWorkspace(), system_in(workspace))
    return {each.id: each.role for each in found.members if each.id != "local"}


async def test_each_sign_in_gives_the_role_that_the_claims_say_and_takes_out_whom_none_fits(access):
    members = members_of(access, follow_claims=True)
    for groups, role in (
        (["engineering"], Role.EDITOR),
        (["leads", "engineering"], Role.OWNER),
        (["engineering"], Role.EDITOR),
        ([], None),
        (["leads"], Role.OWNER),
    ):
        await members.signed_in({"sub": "ada", "groups": groups})
        assert (await roles(access)).get("ada") is role, groups
        assert await roles(access, "all") == {"ada": Role.VIEWER}


async def test_without_that_setting_a_role_stays_what_it_became_at_first_sight(access):
    members = members_of(access)
    await members.signed_in({"sub": "ada", "groups": ["leads"]})
    for groups in (["engineering"], []):
        await members.signed_in({"sub": "ada", "groups": groups})
        assert await roles(access) == {"ada": Role.OWNER}


async def test_who_was_put_elsewhere_before_the_first_sign_in_gets_what_the_grants_give(access):
    await access.execute(PutMember(id="ada", role=Role.VIEWER), system_in("trap"))
    await members_of(access).signed_in({"sub": "ada", "groups": ["engineering"]})
    assert await roles(access) == {"ada": Role.EDITOR}


async def test_the_last_owner_stays_one_whatever_the_claims_say(access, caplog):
    members = members_of(access, follow_claims=True)
    await members.signed_in({"sub": "ada", "groups": ["leads"]})
    await access.execute(PutMember(id="ada", role=Role.OWNER), system_in("eng"))
    await access.execute(RemoveMember(id="local"), system_in("eng"))
    with caplog.at_level(logging.WARNING, "taskharbor.oidc"):
        await members.signed_in({"sub": "ada", "groups": ["engineering"]})
    assert await roles(access) == {"ada": Role.OWNER}
    assert "ada stays an owner of eng" in caplog.text


async def test_who_is_nowhere_after_that_is_not_let_in(access):
    members = members_of(access, follow_claims=True, grants=GRANTS[:2])
    await members.signed_in({"sub": "ada", "groups": ["engineering"]})
    with pytest.raises(WorkspaceNotFound):
        await members.signed_in({"sub": "ada", "groups": []})
    assert await roles(access) == {}
