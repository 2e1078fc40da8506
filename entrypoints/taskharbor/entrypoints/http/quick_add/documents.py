"""The answer to a quick add."""

from typing import Annotated, Any

from pydantic import Field

from taskharbor.application.quick_add.quick_add import QuickAdded
from taskharbor.entrypoints.http.schemas.documents import Document, TaskDocument, task_document


class TakenDocument(Document):
    """A part of the line that was taken out of the title."""

    start: Annotated[int, Field(description="Where it begins, in code points.")]
    end: Annotated[int, Field(description="Where it ends.")]
    field: Annotated[str, Field(description="The field of the task that it was taken for.", examples=["due"])]


class QuickAddedDocument(Document):
    """How a line was understood."""

    task: Annotated[TaskDocument, Field(description="The task; of a dry run as it would be, with revision 0.")]
    taken: Annotated[list[TakenDocument], Field(description="What was taken out of the title, in order.")]
    line: Annotated[str, Field(description="The same task in the shortest words, which read back to it.")]


def quick_added_document(added: QuickAdded) -> dict[str, Any]:
    """Return the answer."""
    return {
        "task": task_document(added.task),
        "taken": [TakenDocument(one.start, one.end, one.field) for one in added.taken],
        "line": added.line,
    }
