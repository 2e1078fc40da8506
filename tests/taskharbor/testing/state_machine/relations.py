"""The rules of the state machine that give tasks their places: lists, subtasks, dependencies, order."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.testing.state_machine.answers import Known
from taskharbor.testing.state_machine.sides import DELETED, KNOWN, MATCHES, SECONDS, WORKSPACES, TwoStores
from taskharbor.testing.strategies.tasks import titles

_PLACES = st.sampled_from(["parent", "parent", "no parent", "needed", "free"])


class StructureRules(TwoStores):
    """Tasks are put below, before and into one another, and what holds them is completed, deleted, archived."""

    @rule(task=KNOWN, other=KNOWN, third=KNOWN, where=_PLACES, match=MATCHES)
    def place(self, task: Known, other: Known, third: Known, where: str, match: str) -> None:
        places: dict[str, dict[str, Any]] = {
            "parent": {"parent": other.real},
            "no parent": {"parent": None, "list": INBOX},
            "needed": {"depends_on": [other.real, third.real]},
            "free": {"depends_on": []},
        }
        self._command(ChangeTask, task, match, 0.0, places[where])

    @rule(task=KNOWN, other=KNOWN, where=st.sampled_from(["before", "after", "first", "last", "parent"]), match=MATCHES)
    def move(self, task: Known, other: Known, where: str, match: str) -> None:
        place = {where: True if where in {"first", "last"} else other.real}
        self._command(MoveTask, task, match, 0.0, place)

    @rule(task=KNOWN, subtasks=st.sampled_from(["complete", "end", "leave"]), match=MATCHES, seconds=SECONDS)
    def complete_all_the_same(self, task: Known, subtasks: str, match: str, seconds: float) -> None:
        rules = {"subtasks": subtasks, "dependencies": "ignore"}
        self._command(CompleteTask, task, match, seconds, rules)

    @rule(target=DELETED, task=KNOWN, subtasks=st.sampled_from(["delete", "keep"]), match=MATCHES)
    def delete_all_the_same(self, task: Known, subtasks: str, match: str) -> Known:
        self._command(DeleteTask, task, match, 0.0, {"subtasks": subtasks})
        return task

    @rule(number=WORKSPACES, task=KNOWN, name=titles(), fate=st.sampled_from(["keep", "archive", "move", "delete"]))
    def use_a_list(self, number: int, task: Known, name: str, fate: str) -> None:
        workspace, command = self._workspaces[number], CreateList(name=name)
        made, _ = self._ask(
            self._real.execute(command, workspace=workspace), self._model.execute(command, workspace=workspace)
        )
        assert isinstance(made, TaskList)
        self._command(MoveTask, task, "anything", 0.0, {"list": made.id})
        if fate == "archive":
            change = ChangeList(id=made.id, archived=True)
            self._ask(
                self._real.execute(change, workspace=workspace),
                self._model.execute(change, workspace=workspace),
            )
        elif fate != "keep":
            gone = DeleteList(id=made.id, delete_tasks=fate == "delete", move_to=INBOX if fate == "move" else None)
            self._ask(self._real.execute(gone, workspace=workspace), self._model.execute(gone, workspace=workspace))
