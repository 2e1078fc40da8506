"""The rules of the state machine that make tasks and change them, one by one and in batches."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule

from taskharbor.application.batch.run_batch import BatchOutcome
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.testing.state_machine.answers import Known
from taskharbor.testing.state_machine.batches import BatchPlan, batch_plans
from taskharbor.testing.state_machine.sides import DELETED, KNOWN, MATCHES, SECONDS, UIDS, WORKSPACES, TwoStores
from taskharbor.testing.strategies.tasks import fields, titles

_PROGRESS_COMMANDS: Final = (CompleteTask, SkipOccurrence, ReopenTask, StartTask, CancelTask)
_TITLED: Final = st.builds(
    lambda values, title: values | title, fields(), st.just({}) | titles().map(lambda title: {"title": title})
)


class TaskRules(TwoStores):
    """Tasks come, change, go and come back."""

    @initialize(target=KNOWN)
    def begin_with_some_tasks_and_one_that_never_was(self) -> Any:  # noqa: ANN401  # Hypothesis' own, without a public type
        workspace = self._workspaces[0]
        created = [self._create(workspace, CreateTask(title=f"uid {uid}", uid=uid)) for uid in UIDS]
        created += [self._create(workspace, CreateTask(title="another"))]
        return multiple(Known(workspace, MAX_ID, MAX_ID), *filter(None, created))

    @rule(
        target=KNOWN,
        number=WORKSPACES,
        title=titles(),
        values=fields(),
        uid=st.none() | st.sampled_from(UIDS),
        seconds=SECONDS,
    )
    def create(self, number: int, title: str, values: dict[str, Any], uid: UUID | None, seconds: float) -> Any:  # noqa: ANN401  # the same
        self._clock.advance(timedelta(seconds=seconds))
        command = CreateTask(title=title, uid=uid, **values)
        return self._create(self._workspaces[number], command) or multiple()

    @rule(task=KNOWN, values=_TITLED, match=MATCHES, seconds=SECONDS)
    def change(self, task: Known, values: dict[str, Any], match: str, seconds: float) -> None:
        self._command(ChangeTask, task, match, seconds, values)

    @rule(task=KNOWN, command=st.sampled_from(_PROGRESS_COMMANDS), match=MATCHES, seconds=SECONDS)
    def move_along(self, task: Known, command: type[Any], match: str, seconds: float) -> None:
        self._command(command, task, match, seconds)

    @rule(target=DELETED, task=KNOWN, match=MATCHES, seconds=SECONDS)
    def delete(self, task: Known, match: str, seconds: float) -> Known:
        self._command(DeleteTask, task, match, seconds)
        return task

    @rule(task=DELETED | KNOWN, match=MATCHES, seconds=SECONDS)
    def restore(self, task: Known, match: str, seconds: float) -> None:
        self._command(RestoreTask, task, match, seconds)

    @rule(task=KNOWN, text=titles(), match=MATCHES, seconds=SECONDS)
    def comment(self, task: Known, text: str, match: str, seconds: float) -> None:
        self._command(AddComment, task, match, seconds, {"text": text})

    @rule(task=KNOWN, number=st.integers(1, 3), match=MATCHES)
    def delete_a_comment(self, task: Known, number: int, match: str) -> None:
        self._command(DeleteComment, task, match, 0.0, {"comment_id": number})

    @rule(target=KNOWN, number=WORKSPACES, plan=batch_plans(KNOWN, MATCHES, UIDS), seconds=SECONDS)
    def run_a_batch(self, number: int, plan: BatchPlan, seconds: float) -> Any:  # noqa: ANN401  # the same
        self._clock.advance(timedelta(seconds=seconds))
        workspace = self._workspaces[number]
        batch = plan.batch("model", workspace, self._if_match)
        real, model = self._ask(
            self._real.execute(plan.batch("real", workspace, self._if_match), workspace=workspace),
            self._model.execute(batch, workspace=workspace),
        )
        if plan.dry_run or not isinstance(real, BatchOutcome) or not isinstance(model, BatchOutcome):
            return multiple()
        created: list[Known] = []
        for command, one, other in zip(batch.commands, real.results, model.results, strict=True):
            if isinstance(one, TaskView) and isinstance(other, TaskView):
                task = Known(workspace, one.id, other.id)
                self._revisions[task] = other.revision
                created += [task] * isinstance(command, CreateTask)
        return multiple(*created)
