"""What answers say of what was undone, and of what was not."""

from typing import Annotated

from pydantic import Field

from taskharbor.entrypoints.http.schemas.documents import Document


class UndoneDocument(Document):
    """What was undone of one task."""

    task: Annotated[int, Field(description="Its id.")]
    fields: Annotated[
        list[str], Field(description="The fields that were set back; `deleted` if the task was deleted or restored.")
    ]


class ConflictDocument(UndoneDocument):
    """What could not be undone of one task."""

    code: Annotated[
        str,
        Field(
            description="The reason, for programs: `changed_since`, `deleted_since`, `task_not_found` if it has been "
            "purged, or the code of the rule that would be broken."
        ),
    ]
    why: Annotated[str, Field(description="The reason, for people.")]


class RecordConflictDocument(Document):
    """What could not be undone of a list or a saved filter."""

    kind: Annotated[str, Field(description="`list` or `filter`.")]
    key: Annotated[str, Field(description="The id of the list, or the name of the filter in lower case.")]
    code: Annotated[
        str,
        Field(
            description="The reason, for programs: `changed_since`, `deleted_since`, `list_not_empty` or "
            "`too_many_filters`."
        ),
    ]
    why: Annotated[str, Field(description="The reason, for people.")]
