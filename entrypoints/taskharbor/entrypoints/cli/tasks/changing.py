"""Changes of several tasks in one commit, confirmed where they are many, or only tried out."""

import sys
from collections.abc import Sequence
from typing import Final

from taskharbor.application.batch.run_batch import BatchResult, Command
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused
from taskharbor.domain.errors import counted
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.output.text import harmless
from taskharbor.entrypoints.cli.target.failures import failure_of
from taskharbor.entrypoints.cli.tasks.showing import show_tasks
from taskharbor.entrypoints.embedded.harbor import Harbor

MANY: Final = 3
"""More tasks than so many are changed only if that is confirmed."""


async def changed(harbor: Harbor, commands: Sequence[Command], *, dry_run: bool) -> list[BatchResult]:
    """Carry out commands in one commit; return their results. With `dry_run` only find out what would be.

    Raises:
        CommandFailed: if one is refused; nothing was changed.
    """
    if not commands:
        return []
    try:
        return (await harbor.run_batch(commands, dry_run=dry_run)).results
    except BatchRefused as refused:
        failure = failure_of(refused)
        named = getattr(commands[refused.place], "id", None)
        if len(commands) == 1 or named is None:
            raise failure from None
        sentence = f"task {named}: {failure}; nothing was changed"
        raise CommandFailed(sentence, exit_code=failure.exit_code) from None


def confirm(what: str, tasks: Sequence[TaskView], *, yes: bool, dry_run: bool = False) -> None:
    """Make sure that a change of many tasks is meant.

    Raises:
        CommandFailed: if it is not, or nobody can be asked.
    """
    if yes or dry_run or len(tasks) <= MANY:
        return
    ask(f"{what} {counted(len(tasks), 'task')}, from {harmless(tasks[0].title)} to {harmless(tasks[-1].title)}?")


def ask(question: str) -> None:
    """Ask a question that is answered with yes or no.

    Raises:
        CommandFailed: if the answer is no, or nobody can be asked.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandFailed(f"{question} Confirm with --yes", exit_code=CommandFailed.REFUSED)
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise CommandFailed("nothing was changed", exit_code=CommandFailed.REFUSED)


async def show_changed(
    harbor: Harbor, out: Output, done: str, results: Sequence[BatchResult], *, dry_run: bool, single: bool = False
) -> None:
    """Show tasks that were changed, and say what was done."""
    tasks = [result for result in results if isinstance(result, TaskView)]
    await show_tasks(harbor, out, tasks, single=single)
    out.say("A dry run: nothing was written." if dry_run else f"{done} {counted(len(tasks), 'task')}.")
