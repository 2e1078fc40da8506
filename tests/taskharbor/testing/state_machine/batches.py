"""The batches that the state machine runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import ByName, ChangingCommand, Command, RunBatch
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.testing.state_machine.answers import Known
from taskharbor.testing.strategies.tasks import fields, titles

_Kind: TypeAlias = tuple[Callable[..., ChangingCommand], dict[str, Any]]
"""A command without its id."""

_NEW: Final = [UUID(int=2**64 + number) for number in range(6)]
_WITHOUT_VALUES: Final = (CompleteTask, SkipOccurrence, ReopenTask, StartTask, CancelTask, DeleteTask, RestoreTask)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """A batch for two stores, which know its tasks under ids of their own."""

    created: list[tuple[str, UUID]]
    for_created: list[tuple[UUID, _Kind]]
    for_known: list[tuple[Known, _Kind, str]]
    atomic: bool
    dry_run: bool

    def batch(
        self,
        side: Literal["real", "model"],
        workspace: WorkspaceId,
        if_match: Callable[[Known, str], Revision | None],
    ) -> RunBatch:
        """Return the batch for one of the stores; tasks of other workspaces are left out."""
        commands: list[Command | ByName] = [CreateTask(title=title, uid=uid) for title, uid in self.created]
        commands += [ByName(uid=uid, command=kind(id=0, **values)) for uid, (kind, values) in self.for_created]
        for task, (kind, values), match in self.for_known:
            if task.workspace == workspace:
                task_id = task.real if side == "real" else task.model
                commands.append(kind(id=task_id, if_match=if_match(task, match), **values))
        return RunBatch(commands=commands, atomic=self.atomic, dry_run=self.dry_run)


@st.composite
def batch_plans(
    draw: st.DrawFn, known: st.SearchStrategy[Known], matches: st.SearchStrategy[str], taken: list[UUID]
) -> BatchPlan:
    """Draw a batch of known and new tasks; `taken` are uids that are taken often."""
    uids = st.sampled_from([*_NEW, *taken])
    return BatchPlan(
        created=draw(st.lists(st.tuples(titles(), uids), min_size=1, max_size=2)),
        for_created=draw(st.lists(st.tuples(st.sampled_from(_NEW), _kinds()), max_size=2)),
        for_known=draw(st.lists(st.tuples(known, _kinds(), matches), max_size=5)),
        atomic=draw(st.booleans()),
        dry_run=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def _kinds(draw: st.DrawFn) -> _Kind:
    command = draw(st.sampled_from([ChangeTask, *_WITHOUT_VALUES]))
    return command, draw(fields()) if command is ChangeTask else {}
