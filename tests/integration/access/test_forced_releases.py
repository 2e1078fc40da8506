"""Who may end the claims of others, on every store."""

import pytest

from taskharbor.application.access.manage_members import PutMember
from taskharbor.application.access.manage_workspaces import CreateWorkspace
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.access.permission import Permission, Role
from taskharbor.domain.errors import TaskClaimed
from taskharbor.testing import FakeClock, FakeUids


async def test_only_an_owner_ends_a_claim_by_force(storage: Storage) -> None:
    use_cases = UseCases(storage, clock=FakeClock(), uids=FakeUids())
    await use_cases.access.execute(CreateWorkspace(id="team", owner="ada"), system_in("default"))

    async def member(id_: str, role: Role) -> Principal:
        await use_cases.access.execute(PutMember(id=id_, role=role), system_in("team"))
        return await use_cases.access.principals.of_member(id_)

    owner, editor, worker = [
        await member(id_, role) for id_, role in (("ada", Role.OWNER), ("bob", Role.EDITOR), ("eve", Role.EDITOR))
    ]
    assert (owner.permission, editor.permission) == (Permission.MANAGE, Permission.WRITE)
    task = await use_cases.execute(CreateTask(title="Dig"), principal=worker)
    claimed = await use_cases.execute(ClaimTask(id=task.id), principal=worker)
    with pytest.raises(TaskClaimed):
        await use_cases.execute(ReleaseClaim(id=task.id), principal=editor)
    for hasty in (editor, worker):  # not even its own: that takes no force
        with pytest.raises(PermissionDenied, match="manage"):
            await use_cases.execute(ReleaseClaim(id=task.id, force=True), principal=hasty)
    held = await use_cases.get_task(task.id, workspace="team")
    assert (held.claim, held.revision) == (claimed.claim, claimed.revision)
    with pytest.raises(TaskClaimed):
        await use_cases.execute(ReleaseClaim(id=task.id), principal=owner)
    assert (await use_cases.execute(ReleaseClaim(id=task.id, force=True), principal=owner)).claim is None
