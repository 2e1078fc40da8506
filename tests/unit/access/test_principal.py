"""What a principal may do, whatever asks it."""

from dataclasses import replace

import pytest

from taskharbor.application.errors import PermissionDenied, WorkspaceArchived
from taskharbor.application.principal import Principal, PrincipalKind, local_in, principal_of, system_in
from taskharbor.domain.access.permission import Permission, Role


def member(permission: Permission = Permission.MANAGE) -> Principal:
    return Principal(
        kind=PrincipalKind.MEMBER, id="ada", actor="ada", workspace="team", permission=permission, member="ada"
    )


@pytest.mark.parametrize("has", Permission)
@pytest.mark.parametrize("needed", Permission)
def test_each_permission_includes_those_before_it(has: Permission, needed: Permission) -> None:
    if has >= needed:
        member(has).require(needed)
        return
    with pytest.raises(PermissionDenied, match=f"^This needs {needed.label}; the caller has {has.label}$"):
        member(has).require(needed)


def test_whoever_is_narrowed_to_lists_manages_nothing_as_that_concerns_the_whole_workspace() -> None:
    narrowed = replace(member(), lists=frozenset({1}))
    narrowed.require(Permission.READ)
    narrowed.require(Permission.WRITE)
    with pytest.raises(PermissionDenied, match="needs a token for the whole workspace"):
        narrowed.require(Permission.MANAGE)


def test_an_archived_workspace_is_read_and_managed_and_not_changed() -> None:
    archived = replace(member(), archived=True)
    archived.require(Permission.READ)
    archived.require(Permission.MANAGE)
    with pytest.raises(WorkspaceArchived):
        archived.require(Permission.WRITE)
    with pytest.raises(PermissionDenied):
        replace(member(Permission.READ), archived=True).require(Permission.WRITE)


def test_a_role_says_what_a_member_may_do() -> None:
    assert [role.permission for role in (Role.VIEWER, Role.EDITOR, Role.OWNER)] == list(Permission)


def test_members_and_tokens_are_told_apart_and_from_whatever_an_actor_is_called() -> None:
    token = replace(member(), kind=PrincipalKind.TOKEN)
    assert member().key == "member:ada"
    assert token.key == "token:ada"
    assert system_in("team", "ada").key == "ada"
    assert local_in("team").key is None


def test_a_call_without_a_principal_is_one_of_the_program_itself() -> None:
    assert principal_of({}) == system_in("default")
    assert principal_of({"workspace": "team", "actor": "ada"}) == system_in("team", "ada")
    assert principal_of({"principal": member(), "workspace": "team"}) == member()


def test_a_principal_cannot_be_given_another_workspace_or_name() -> None:
    for context in ({"workspace": "other"}, {"actor": "bob"}):
        with pytest.raises(ValueError, match="a principal says itself"):
            principal_of({"principal": member(), **context})  # type: ignore[typeddict-item]
