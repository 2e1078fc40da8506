"""The rules of a workspace and its members."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from taskharbor.domain.access.errors import LastOwner, MemberNotFound
from taskharbor.domain.access.members import MAX_MEMBERS, Member, member_id_from, role_from
from taskharbor.domain.access.permission import Role
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.errors import InvalidValue

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def member(id_: str, role: Role = Role.EDITOR) -> Member:
    return Member(id=id_, name=id_, role=role)


@pytest.fixture
def team() -> Workspace:
    return Workspace.create(id="team", name="The team", owner=member("ada"), at=NOON)


def test_whoever_it_is_made_for_owns_it(team: Workspace) -> None:
    assert team.members == (member("ada", Role.OWNER),)


def test_members_are_in_the_order_of_their_ids(team: Workspace) -> None:
    team = team.with_member(member("zoe")).with_member(member("bob"))
    assert [each.id for each in team.members] == ["ada", "bob", "zoe"]


def test_the_last_owner_can_neither_leave_nor_become_something_else(team: Workspace) -> None:
    team = team.with_member(member("bob"))
    for change in (lambda: team.without_member("ada"), lambda: team.with_member(member("ada", Role.VIEWER))):
        with pytest.raises(LastOwner):
            change()
    team = team.with_member(member("bob", Role.OWNER)).without_member("ada")
    assert [each.id for each in team.members] == ["bob"]


def test_who_is_not_there_cannot_leave(team: Workspace) -> None:
    with pytest.raises(MemberNotFound):
        team.without_member("bob")


def test_there_is_room_for_five_hundred(team: Workspace) -> None:
    others = tuple(member(f"m{number:03}") for number in range(MAX_MEMBERS - 1))
    full = replace(team, members=(*team.members, *others))
    assert len(full.with_member(member("m000", Role.OWNER)).members) == MAX_MEMBERS
    with pytest.raises(InvalidValue, match="at most 500 members"):
        full.with_member(member("one-more"))


def test_it_can_be_renamed_and_archived(team: Workspace) -> None:
    assert team.rename(" All of us ").name == "All of us"
    assert team.archive(archived=True).archived
    with pytest.raises(InvalidValue):
        team.rename("")


@pytest.mark.parametrize("id_", ["ada", "a", "ada@example.org", "ada+tasks", "x" * 128, "0-0"])
def test_these_can_be_ids_of_members(id_: str) -> None:
    assert member_id_from("id", id_) == id_


@pytest.mark.parametrize("id_", ["", "Ada", "-ada", "a b", "x" * 129, "ä", "a/b", "token", "system", None, 7, "a\n"])
def test_these_cannot(id_: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        member_id_from("id", id_)
    assert caught.value.field == "id"


def test_a_role_is_one_of_three() -> None:
    assert [role_from(each) for each in ("owner", "editor", "viewer")] == list(Role)
    for wrong in ("Owner", "", None, 1):
        with pytest.raises(InvalidValue, match="owner, editor, viewer"):
            role_from(wrong)
