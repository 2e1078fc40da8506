"""The directory on every store: what must hold whoever else changes it at the same moment."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.access.audit import ListAudit
from taskharbor.application.access.directory import workspace_document, workspace_from
from taskharbor.application.access.directory_queries import GetWorkspace, ListInvitations, ListTokens, ListWorkspaces
from taskharbor.application.access.invitations import AcceptInvitation, CreateInvitation, RevokeInvitation
from taskharbor.application.access.manage_members import LeaveWorkspace, PutMember, RemoveMember
from taskharbor.application.access.manage_tokens import CreateToken, RevokeToken
from taskharbor.application.access.manage_workspaces import ChangeWorkspace, CreateWorkspace, DeleteWorkspace
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import PermissionDenied, Unauthenticated, WorkspaceArchived, WorkspaceNotFound
from taskharbor.application.history.purge import Purge
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.application.saved_filters.manage_saved_filters import SaveFilter
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.access.errors import (
    ExportFirst,
    InvitationNotFound,
    MemberIdTaken,
    TokenNotFound,
    WorkspaceIdTaken,
)
from taskharbor.domain.access.permission import Permission, Role
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.testing import FakeClock, FakeUids

DAY = timedelta(days=1)
OPERATOR = system_in("team")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def use_cases(storage: Storage, clock: FakeClock) -> UseCases:
    """The use cases, with the workspace `team` of ada."""
    use_cases = UseCases(storage, clock=clock, uids=FakeUids())
    await use_cases.access.execute(CreateWorkspace(id="team", owner="ada"), system_in("default"))
    return use_cases


def other_process(storage: Storage, clock: FakeClock) -> UseCases:
    return UseCases(storage, clock=clock, uids=FakeUids())


async def token_for(use_cases: UseCases, maker: Principal = OPERATOR, **said: Any) -> str:
    command = CreateToken(**{"name": "backup", "scope": Permission.MANAGE, "expires_in": 90 * DAY} | said)
    return (await use_cases.access.execute(command, maker)).secret


async def export(use_cases: UseCases, principal: Principal) -> None:
    whole = use_cases.export_tasks(format_named("jsonl"), workspace=principal.workspace)
    async for _ in use_cases.access.noted_export(whole, principal):
        pass


async def member_of(use_cases: UseCases, id_: str, role: Role) -> Principal:
    await use_cases.access.execute(PutMember(id=id_, role=role), OPERATOR)
    return await use_cases.access.principals.of_member(id_)


async def test_of_two_owners_who_leave_at_once_one_stays(use_cases: UseCases, storage: Storage, clock: FakeClock):
    access = use_cases.access
    await access.execute(PutMember(id="bob", role=Role.OWNER), OPERATOR)
    ada, bob = [await access.principals.of_member(id_) for id_ in ("ada", "bob")]
    elsewhere = other_process(storage, clock).access
    outcomes = await asyncio.gather(
        access.execute(LeaveWorkspace(), ada), elsewhere.execute(LeaveWorkspace(), bob), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["LastOwner", "Workspace"]
    left = await access.ask(GetWorkspace(), OPERATOR)
    assert [each.role for each in left.members] == [Role.OWNER]


async def test_two_owners_who_make_each_other_viewers_at_once_do_not_both_succeed(
    use_cases: UseCases, storage: Storage, clock: FakeClock
):
    access, elsewhere = use_cases.access, other_process(storage, clock).access
    await access.execute(PutMember(id="bob", role=Role.OWNER), OPERATOR)
    outcomes = await asyncio.gather(
        access.execute(PutMember(id="bob", role=Role.VIEWER), OPERATOR),
        elsewhere.execute(PutMember(id="ada", role=Role.VIEWER), OPERATOR),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["LastOwner", "Member"]


async def test_of_many_who_accept_one_invitation_one_gets_in(use_cases: UseCases, storage: Storage, clock: FakeClock):
    made = await use_cases.access.execute(CreateInvitation(role=Role.EDITOR), OPERATOR)
    everywhere = [use_cases, *(other_process(storage, clock) for _ in range(3))]
    outcomes = await asyncio.gather(
        *(
            each.access.execute(AcceptInvitation(secret=made.secret, id=f"m{place}"), system_in(SERVICE_WORKSPACE))
            for place, each in enumerate(everywhere)
        ),
        return_exceptions=True,
    )
    names = sorted(type(each).__name__ for each in outcomes)
    assert names == ["AcceptedInvitation", *["InvitationNotFound"] * 3]
    assert len((await use_cases.access.ask(GetWorkspace(), OPERATOR)).members) == 2
    assert (await use_cases.access.ask(ListInvitations(), OPERATOR)).items == []


async def test_an_invitation_that_is_used_revoked_expired_or_unknown_is_not_found(
    use_cases: UseCases, clock: FakeClock
):
    access, stranger = use_cases.access, system_in(SERVICE_WORKSPACE)
    revoked, used, expired = [await access.execute(CreateInvitation(role=Role.VIEWER), OPERATOR) for _ in range(3)]
    await access.execute(RevokeInvitation(id=revoked.invitation.id), OPERATOR)
    await access.execute(AcceptInvitation(secret=used.secret, id="bob"), stranger)
    clock.advance(8 * DAY)
    unknown = "thi_" + "0" * 33
    for secret in (revoked.secret, used.secret, expired.secret, unknown, "", "th_x"):
        with pytest.raises(InvitationNotFound):
            await access.execute(AcceptInvitation(secret=secret, id="eve"), stranger)
    for gone in (revoked, used, expired):
        with pytest.raises(InvitationNotFound):
            await access.execute(RevokeInvitation(id=gone.invitation.id), OPERATOR)


async def test_nobody_becomes_somebody_else_by_an_invitation(use_cases: UseCases):
    access, stranger = use_cases.access, system_in(SERVICE_WORKSPACE)
    made = await access.execute(CreateInvitation(role=Role.EDITOR), OPERATOR)
    for taken in ("ada", "local"):
        with pytest.raises(MemberIdTaken):
            await access.execute(AcceptInvitation(secret=made.secret, id=taken), stranger)
    accepted = await access.execute(AcceptInvitation(secret=made.secret, id="bob", name="Bob"), stranger)
    assert accepted.token is not None
    principal = await access.principals.of_token(accepted.token.secret)
    assert (principal.member, principal.permission) == ("bob", Permission.WRITE)


async def test_an_invitation_makes_no_owner_less_than_that(use_cases: UseCases):
    made = await use_cases.access.execute(CreateInvitation(role=Role.VIEWER), OPERATOR)
    command = AcceptInvitation(secret=made.secret, id="ada", is_new=False)
    accepted = await use_cases.access.execute(command, system_in(SERVICE_WORKSPACE))
    assert (accepted.member.role, accepted.token) == (Role.OWNER, None)


async def test_a_token_that_is_revoked_is_gone_here_at_once_and_elsewhere_within_five_seconds(
    use_cases: UseCases, storage: Storage, clock: FakeClock
):
    secret = await token_for(use_cases)
    elsewhere = other_process(storage, clock).access.principals
    seconds = 100.0
    elsewhere._freshness._clock = lambda: seconds
    token = await elsewhere.of_token(secret)
    await use_cases.access.execute(RevokeToken(id=token.id), OPERATOR)
    with pytest.raises(Unauthenticated):
        await use_cases.access.principals.of_token(secret)
    assert await elsewhere.of_token(secret) == token  # what it remembers is not two seconds old
    seconds += 5.1
    with pytest.raises(Unauthenticated):
        await elsewhere.of_token(secret)
    with pytest.raises(TokenNotFound):
        await use_cases.access.execute(RevokeToken(id=token.id), OPERATOR)


async def test_calls_that_go_on_notice_a_change_after_two_seconds_beside_them(
    use_cases: UseCases, storage: Storage, clock: FakeClock
):
    secret = await token_for(use_cases)
    elsewhere = other_process(storage, clock).access.principals
    seconds = 100.0
    elsewhere._freshness._clock = lambda: seconds
    token = await elsewhere.of_token(secret)
    await use_cases.access.execute(RevokeToken(id=token.id), OPERATOR)
    seconds += 2.1
    assert await elsewhere.of_token(secret) == token  # and the store is being asked
    renewal = elsewhere._freshness._renewal
    assert renewal is not None
    await renewal
    with pytest.raises(Unauthenticated):
        await elsewhere.of_token(secret)


async def test_as_long_as_nothing_changes_no_call_waits_for_the_store(use_cases: UseCases, storage: Storage):
    secret = await token_for(use_cases)
    principals = use_cases.access.principals
    seconds = 100.0
    principals._freshness._clock = lambda: seconds
    first = await principals.of_token(secret)
    for _ in range(5):
        seconds += 2.1
        call = principals.of_token(secret)
        with pytest.raises(StopIteration) as answered:
            call.send(None)  # it never waits for anything
        assert answered.value.value is first
        renewal = principals._freshness._renewal
        assert renewal is not None
        await renewal


async def test_a_token_ends_when_it_expires_and_with_its_member_and_its_workspace(
    use_cases: UseCases, clock: FakeClock
):
    access = use_cases.access
    short = await token_for(use_cases, expires_in=DAY)
    adas = await token_for(use_cases, member="ada")
    bobs = await token_for(use_cases, await member_of(use_cases, "bob", Role.OWNER))
    operators = await token_for(use_cases, expires_in=None)
    for secret in (short, adas, bobs, operators):
        assert (await access.principals.of_token(secret)).workspace == "team"
    clock.advance(DAY)
    await access.execute(RemoveMember(id="bob"), OPERATOR)
    for secret in (short, bobs):
        with pytest.raises(Unauthenticated):
            await access.principals.of_token(secret)
    assert (await access.principals.of_token(adas)).actor == "ada:backup"
    assert (await access.principals.of_token(operators)).actor == "token:backup"
    await access.execute(DeleteWorkspace(without_export="team"), OPERATOR)
    for secret in (adas, operators):
        with pytest.raises(Unauthenticated):
            await access.principals.of_token(secret)


async def test_who_is_taken_in_again_brings_no_token_of_before_along(use_cases: UseCases, clock: FakeClock):
    access = use_cases.access
    bobs = await token_for(use_cases, await member_of(use_cases, "bob", Role.OWNER))
    clock.advance(DAY)
    await access.execute(PutMember(id="bob", role=Role.EDITOR), OPERATOR)
    assert (await access.principals.of_token(bobs)).member == "bob"  # another role is no other membership
    for way_back in ("put", "invitation"):
        await access.execute(RemoveMember(id="bob"), OPERATOR)
        clock.advance(DAY)
        if way_back == "put":
            await member_of(use_cases, "bob", Role.OWNER)
        else:
            invited = await access.execute(CreateInvitation(role=Role.OWNER), OPERATOR)
            await access.execute(AcceptInvitation(secret=invited.secret, id="bob", is_new=False), OPERATOR)
        with pytest.raises(Unauthenticated):
            await access.principals.of_token(bobs)
        bobs = await token_for(use_cases, await access.principals.of_member("bob"))
        assert (await access.principals.of_token(bobs)).member == "bob"


async def test_a_token_is_good_though_the_clock_of_its_server_is_behind(use_cases: UseCases, clock: FakeClock):
    bob = await member_of(use_cases, "bob", Role.OWNER)
    clock.advance(-timedelta(seconds=2))
    assert (await use_cases.access.principals.of_token(await token_for(use_cases, bob))).member == "bob"


@pytest.mark.parametrize("made_by", ["member", "token"])
async def test_an_invitation_ends_with_who_has_made_it(use_cases: UseCases, clock: FakeClock, made_by: str):
    access = use_cases.access
    maker = await member_of(use_cases, "bob", Role.OWNER)
    if made_by == "token":
        maker = await access.principals.of_token(await token_for(use_cases, maker))
    good, *others = [(await access.execute(CreateInvitation(role=Role.OWNER), maker)).secret for _ in range(4)]
    await access.execute(AcceptInvitation(secret=good, id="cyd"), OPERATOR)

    async def refused() -> None:
        with pytest.raises(InvitationNotFound):
            await access.execute(AcceptInvitation(secret=others.pop(), id=f"new{len(others)}"), OPERATOR)

    await access.execute(PutMember(id="bob", role=Role.EDITOR), OPERATOR)
    await refused()
    await access.execute(RemoveMember(id="bob"), OPERATOR)
    await refused()
    clock.advance(timedelta(seconds=1))
    await access.execute(PutMember(id="bob", role=Role.OWNER), OPERATOR)
    await refused()


async def test_an_invitation_ends_with_the_token_that_has_made_it(use_cases: UseCases):
    access = use_cases.access
    maker = await access.principals.of_token(await token_for(use_cases))
    secret = (await access.execute(CreateInvitation(role=Role.OWNER), maker)).secret
    await access.execute(RevokeToken(id=maker.id), OPERATOR)
    with pytest.raises(InvitationNotFound):
        await access.execute(AcceptInvitation(secret=secret, id="cyd"), OPERATOR)


async def test_members_that_were_written_without_when_they_joined_are_read(use_cases: UseCases, storage: Storage):
    said = json.loads(workspace_document(await use_cases.access.ask(GetWorkspace(), OPERATOR)))
    said["members"] = [each[:3] for each in said["members"]]
    found = workspace_from(Record(kind="workspace", key="team", document=json.dumps(said), revision=1, expires=None))
    assert found is not None
    assert [(each.id, each.role, each.joined) for each in found.members] == [("ada", Role.OWNER, None)]


async def test_a_token_can_do_no_more_than_its_member(use_cases: UseCases):
    access = use_cases.access
    owner = await member_of(use_cases, "bob", Role.OWNER)
    secret = await token_for(use_cases, owner)
    for role in (Role.OWNER, Role.EDITOR, Role.VIEWER):
        await access.execute(PutMember(id="bob", role=role), OPERATOR)
        assert (await access.principals.of_token(secret)).permission is role.permission


async def test_a_token_that_leaks_cannot_live_on_in_others(use_cases: UseCases):
    access = use_cases.access
    leaked = await access.principals.of_token(await token_for(use_cases, expires_in=10 * DAY))
    for longer in (None, 11 * DAY):
        with pytest.raises(InvalidValue, match="not be later than that of the token"):
            await token_for(use_cases, leaked, expires_in=longer)
    child = await token_for(use_cases, leaked, expires_in=9 * DAY)
    with pytest.raises(PermissionDenied, match="made by a token"):
        await token_for(use_cases, await access.principals.of_token(child), expires_in=DAY)
    await access.execute(RevokeToken(id=leaked.id), OPERATOR)
    with pytest.raises(Unauthenticated):
        await access.principals.of_token(child)


async def test_a_narrowed_token_has_no_say_in_the_whole_workspace(use_cases: UseCases):
    principal = await use_cases.access.principals.of_token(await token_for(use_cases, lists=[3, 1, 3]))
    assert principal.lists == {1, 3}
    for query in (GetWorkspace(), ListWorkspaces(), ListTokens(), ListAudit()):
        with pytest.raises(PermissionDenied, match="for the whole workspace"):
            await use_cases.access.ask(query, principal)
    with pytest.raises(PermissionDenied, match="for the whole workspace"):
        await token_for(use_cases, principal)
    for wrong in ([], [0], ["1"], [True], list(range(1, 102))):
        with pytest.raises(InvalidValue):
            await token_for(use_cases, lists=wrong)


async def test_an_export_of_some_lists_is_none_of_the_workspace(use_cases: UseCases):
    access = use_cases.access
    await use_cases.execute(CreateTask(title="one"), workspace="team")
    narrowed = await access.principals.of_token(await token_for(use_cases, lists=[1]))
    assert narrowed.lists is not None
    await export(use_cases.narrowed_to(narrowed.lists), narrowed)
    assert [each.event for each in (await access.ask(ListAudit(), OPERATOR)).items].count("export_tasks") == 1
    with pytest.raises(ExportFirst):
        await access.execute(DeleteWorkspace(), OPERATOR)


async def test_when_a_token_was_used_is_noted_to_the_hour(use_cases: UseCases, clock: FakeClock, storage: Storage):
    secret = await token_for(use_cases)
    assert [each.last_used for each in (await use_cases.access.ask(ListTokens(), OPERATOR)).items] == [None]
    for _ in range(3):
        await use_cases.access.principals.of_token(secret)
    await use_cases.access.trail.aclose()
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    assert [each.last_used for each in (await use_cases.access.ask(ListTokens(), OPERATOR)).items] == [hour]
    revision = (await storage.read_history_bounds(SERVICE_WORKSPACE)).revision
    await use_cases.access.principals.of_token(secret)
    await use_cases.access.trail.aclose()
    assert (await storage.read_history_bounds(SERVICE_WORKSPACE)).revision == revision


async def test_an_archived_workspace_is_read_and_managed_and_not_changed(use_cases: UseCases):
    access = use_cases.access
    await access.execute(ChangeWorkspace(archived=True), OPERATOR)
    ada = await access.principals.of_member("ada")
    with pytest.raises(WorkspaceArchived):
        await use_cases.execute(CreateTask(title="too late"), principal=ada)
    await access.execute(ChangeWorkspace(archived=False), ada)
    await use_cases.execute(CreateTask(title="in time"), principal=await access.principals.of_member("ada"))


async def test_a_workspace_goes_if_it_was_exported_since_its_last_change_or_its_id_is_said(use_cases: UseCases):
    access = use_cases.access
    ada = await access.principals.of_member("ada")
    await use_cases.execute(CreateTask(title="one"), principal=ada)
    with pytest.raises(ExportFirst):
        await access.execute(DeleteWorkspace(), ada)
    with pytest.raises(InvalidValue, match="without_export"):
        await access.execute(DeleteWorkspace(without_export="other"), ada)
    await export(use_cases, ada)
    await use_cases.execute(CreateTask(title="two"), principal=ada)
    with pytest.raises(ExportFirst):
        await access.execute(DeleteWorkspace(), ada)
    await export(use_cases, ada)
    await access.execute(DeleteWorkspace(), ada)
    for find in (access.principals.of_member("ada", "team"), access.principals.of_local("team", is_default=True)):
        with pytest.raises(WorkspaceNotFound):
            await find
    with pytest.raises(WorkspaceIdTaken):
        await access.execute(CreateWorkspace(id="team"), system_in("default"))


async def test_a_member_makes_no_workspace_where_tasks_are_already_and_an_operator_may(use_cases: UseCases):
    access = use_cases.access
    await use_cases.execute(CreateTask(title="of a bot"), workspace="bot")
    ada = await access.principals.of_member("ada")
    for taken in ("bot", "team"):
        with pytest.raises(WorkspaceIdTaken):
            await access.execute(CreateWorkspace(id=taken), ada)
    with pytest.raises(InvalidValue, match="operator"):
        await access.execute(CreateWorkspace(id="mine", owner="bob"), ada)
    made = await access.execute(CreateWorkspace(id="mine"), ada)
    assert [each.id for each in made.members] == ["ada"]
    adopted = await access.execute(CreateWorkspace(id="bot", owner="ada"), OPERATOR)
    assert adopted.id == "bot"
    mine = await access.ask(ListWorkspaces(), ada)
    assert [each.id for each in mine.items] == ["bot", "mine", "team"]
    assert (await access.principals.of_member("ada")).workspace == "team"


async def test_a_member_finds_other_workspaces_no_more_than_those_that_are_not_there(
    use_cases: UseCases, storage: Storage
):
    await use_cases.access.execute(CreateWorkspace(id="secret", owner="eve"), OPERATOR)
    work: list[object] = []
    load = storage.load_records

    async def watched(workspace: str, keys: Any) -> Any:
        work.append([*keys])
        return await load(workspace, keys)

    storage.load_records = watched  # type: ignore[method-assign]
    for other in ("secret", "nowhere"):
        with pytest.raises(WorkspaceNotFound, match=r"^Workspace not found$"):
            await use_cases.access.principals.of_member("ada", other)
    assert len(work) == 2
    assert work[0] == work[1]


async def test_what_happened_to_access_is_kept_for_the_owners_without_any_secret(use_cases: UseCases, clock: FakeClock):
    access = use_cases.access
    clock.advance(DAY)
    secret = await token_for(use_cases, scope=Permission.READ)
    clock.advance(DAY)
    token = await access.principals.of_token(secret)
    for _ in range(3):
        access.trail.refused(token, "create_task", needed="write")
    clock.advance(DAY)
    await access.execute(RevokeToken(id=token.id), OPERATOR)
    await access.trail.aclose()
    events: list[Any] = []
    after: str | None = ""
    while after is not None:
        page = await access.ask(ListAudit(limit=2, after=after), OPERATOR)
        events += page.items
        after = page.next_after
    assert [each.event for each in events] == ["revoke_token", "refused", "create_token", "create_workspace"]
    assert events[1].details == {"operation": "create_task", "needed": "write", "times": 3}
    assert (events[1].kind, events[1].principal) == (PrincipalKind.TOKEN.value, token.id)
    assert secret not in repr(events)
    with pytest.raises(PermissionDenied):
        await access.ask(ListAudit(), token)


async def test_what_a_deleted_workspace_held_is_purged_step_by_step(
    use_cases: UseCases, storage: Storage, clock: FakeClock
):
    access = use_cases.access
    ada = await access.principals.of_member("ada")
    made = await use_cases.execute(CreateList(name="Secret plans"), principal=ada)
    secrets = [CreateTask(title=f"secret {number}", list=made.id) for number in range(250)]
    await use_cases.execute(RunBatch(commands=secrets), principal=ada)
    task = await use_cases.execute(CreateTask(title="secret"), principal=ada)
    await use_cases.execute(DeleteTask(id=task.id), principal=ada, idempotency_key="one")
    await use_cases.execute(SaveFilter(name="mine", q="secret"), principal=ada)
    await token_for(use_cases)
    await access.execute(CreateInvitation(role=Role.EDITOR), OPERATOR)
    await use_cases.execute(CreateTask(title="of somebody else"), workspace="other")
    await access.execute(DeleteWorkspace(without_export="team"), OPERATOR)
    assert (await use_cases.history.purge(Purge())).tasks == 0  # calls that have begun may still end
    clock.advance(timedelta(seconds=10))
    assert (await use_cases.history.purge(Purge())).tasks == 251
    assert await storage.scan_tasks("team", after=0, limit=10) == []
    for kind in ("list", "filter", "idempotency"):
        assert await storage.list_records("team", kind, after="", limit=10) == []
    bounds = await storage.read_history_bounds("team")
    for revision in range(bounds.revision + 1):
        assert "secret" not in repr(await storage.list_commit("team", revision)).lower()
    for kind in ("token", "token-of", "invitation", "invitation-of", "deleted-workspace"):
        assert await storage.list_records(SERVICE_WORKSPACE, kind, after="", limit=10) == []
    assert len(await storage.scan_tasks("other", after=0, limit=10)) == 1
    assert (await use_cases.history.purge(Purge())).tasks == 0
    with pytest.raises(WorkspaceIdTaken):
        await access.execute(CreateWorkspace(id="team"), system_in("default"))
