"""How far something has come that takes long, on a terminal."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(
    what: str, *, total: float | None = None, reached: Callable[[], float] | None = None
) -> Iterator[Callable[[float], None]]:
    """Show a bar on stderr for the length of the block, if that is a terminal; yield what advances it.

    Args:
        what: a word for what is done.
        total: how far it goes; None if that is not known.
        reached: says how far it has come, where nothing advances it. It is asked in another thread.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=True), TimeElapsedColumn())
    with _Followed(
        *columns,
        console=console,
        transient=True,
        # What is printed meanwhile goes where it was to go.
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=total)
        progress.reached = reached
        yield lambda by: progress.advance(task, by)


class _Followed(Progress):
    reached: Callable[[], float] | None = None

    def get_renderables(self) -> Iterable[RenderableType]:
        if self.reached is not None:
            for task in self.task_ids:
                self.update(task, completed=self.reached())
        return super().get_renderables()
