"""Who may do what, when the service is embedded."""

import pytest

from taskharbor.entrypoints.embedded import (
    Access,
    Harbor,
    MemberNotFound,
    PermissionDenied,
    PrincipalKind,
    Unauthenticated,
    WorkspaceNotFound,
    open_taskharbor,
)


@pytest.fixture
async def team():
    async with open_taskharbor("memory://") as harbor:
        await harbor.access.create_workspace("team", owner="ada")
        await harbor.in_workspace("team").access.put_member("bob", "viewer")
        yield harbor.in_workspace("team")


async def test_a_harbor_acts_as_a_member_and_is_checked_like_a_request(team: Harbor):
    ada = team.acting_as(await team.access.principal_of_member("ada"))
    bob = team.acting_as(await team.access.principal_of_member("bob"))
    task = await ada.create_task(title="Plan the party", assignees=["bob"])
    assert (await bob.get_task(task.id)).assignees == ("bob",)
    for refused in (bob.complete_task(task.id), bob.access.list_tokens(), bob.access.put_member("bob", "owner")):
        with pytest.raises(PermissionDenied):
            await refused
    assert [entry.actor for entry in (await team.task_history(task.id)).items] == ["ada"]
    with pytest.raises(PermissionDenied):
        ada.in_workspace("default")
    with pytest.raises(PermissionDenied):
        ada.acting_as("bob")
    with pytest.raises(WorkspaceNotFound):
        await team.access.principal_of_member("eve")


async def test_a_token_is_recognised_until_it_is_revoked(team: Harbor):
    made = await team.access.create_token("backup", "read", member="ada")
    reader = await team.access.principal_of_token(made.secret)
    assert (reader.kind, reader.member, reader.workspace) == (PrincipalKind.TOKEN, "ada", "team")
    assert [each.token for each in (await team.access.list_tokens()).items] == [made.token]
    with pytest.raises(PermissionDenied):
        await team.acting_as(reader).create_task(title="No")
    await team.access.revoke_token(made.token.id)
    with pytest.raises(Unauthenticated):
        await team.access.principal_of_token(made.secret)


async def test_only_the_program_itself_signs_members_out(team: Harbor):
    await team.access.end_sessions("ada")
    ada = team.acting_as(await team.access.principal_of_member("ada"))
    with pytest.raises(PermissionDenied):
        await ada.access.end_sessions("bob")
    with pytest.raises(MemberNotFound):
        await team.access.end_sessions("eve")
    assert next((each.event, each.details) for each in (await team.access.list_audit()).items) == (
        "end_sessions",
        {"member": "ada"},
    )


async def test_an_invitation_is_made_accepted_and_revoked(team: Harbor):
    access: Access = team.access
    kept, revoked = [await access.create_invitation("editor") for _ in range(2)]
    await access.revoke_invitation(revoked.invitation.id)
    assert [each.id for each in (await access.list_invitations()).items] == [kept.invitation.id]
    accepted = await access.accept_invitation(kept.secret, id="eve", name="Eve")
    assert accepted.token is not None
    eve = team.acting_as(await access.principal_of_token(accepted.token.secret))
    assert (await eve.create_task(title="Mine")).id == 1
    await team.acting_as(await access.principal_of_member("eve")).access.leave_workspace()
    assert [each.id for each in (await access.get_workspace()).members] == ["ada", "bob"]
    events = [each.event for each in (await access.list_audit()).items]
    assert set(events) >= {"create_invitation", "accept_invitation", "revoke_invitation", "leave_workspace"}


async def test_only_who_manages_a_workspace_sets_its_time_zone(team: Harbor):
    ada = team.acting_as(await team.access.principal_of_member("ada"))
    bob = team.acting_as(await team.access.principal_of_member("bob"))
    with pytest.raises(PermissionDenied):
        await bob.access.change_workspace(time_zone="Europe/Berlin")
    assert (await ada.access.change_workspace(time_zone="Europe/Berlin")).time_zone == "Europe/Berlin"
    assert (await bob.access.get_workspace()).time_zone == "Europe/Berlin"
    assert (await team.access.principal_of_member("bob")).time_zone == "Europe/Berlin"
    at_noon = {"offset": "PT3H", "relativeTo": "due"}
    await ada.create_task(title="Water", due={"date": "2099-12-01"}, reminders=[at_noon])
    assert str((await bob.list_reminders()).items[0].at) == "2099-12-01 11:00:00+00:00"


async def test_a_workspace_is_renamed_archived_and_deleted(team: Harbor):
    assert (await team.access.change_workspace(name="All of us", archived=True)).archived
    assert [each.id for each in (await team.access.list_workspaces()).items] == ["team"]
    await team.access.remove_member("bob")
    await team.access.delete_workspace(without_export="team")
    with pytest.raises(WorkspaceNotFound):
        await team.access.principal_of_member("ada")
