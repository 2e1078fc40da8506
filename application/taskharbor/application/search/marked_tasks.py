"""Tasks that a store has found, with the last commit that it knew of."""

from typing import Final

from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.sync.commit_marks import CommitMark


class MarkedTasks(EncodedTasks):
    """Tasks, and the last commit in the snapshot that they come from: it need not be asked for once more.

    Attributes:
        mark: that commit.
    """

    __slots__ = ("mark",)

    def __init__(self, tasks: EncodedTasks, mark: CommitMark) -> None:
        super().__init__(tasks.text, len(tasks))
        self.mark: Final = mark
