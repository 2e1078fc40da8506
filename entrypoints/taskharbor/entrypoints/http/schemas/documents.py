"""The responses about tasks as OpenAPI describes them."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, cast, get_type_hints

import msgspec
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.tasks.urgency import UrgencyView
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.recurring_task import Occurrence
from taskharbor.entrypoints.http.schemas import fields

Id = Annotated[int, Field(description="Its number, unique within the workspace and never reused.")]
Uid = Annotated[
    str,
    Field(description="A UUID that identifies the task outside this service.", json_schema_extra={"format": "uuid"}),
]
TaskRevision = Annotated[
    int, Field(description="The revision of the workspace that last changed it; quoted, it is the ETag.")
]


class Document(msgspec.Struct):
    """Encoded by msgspec, which is quick, and described by pydantic, as FastAPI wants it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a model with the same fields. Nothing is ever validated with it."""
        return handler(_model_of(cls))


@cache
def _model_of(document: type[Document]) -> type[BaseModel]:
    hints = get_type_hints(document, include_extras=True)
    members: dict[str, Any] = {
        each.name: (hints[each.name], ... if each.required else each.default)
        for each in msgspec.structs.fields(document)
    }
    return create_model(document.__name__, __doc__=document.__doc__, **members)


class TaskContent(Document):
    """What the revision of a task covers. Views bring their text along: none of these is made, they look like this."""

    id: Id
    uid: Uid
    title: Annotated[str, fields.TITLE]
    description: Annotated[str | None, fields.DESCRIPTION]
    progress: Annotated[str, fields.PROGRESS]
    is_completed: Annotated[bool, fields.IS_COMPLETED]
    percent_complete: Annotated[int, fields.PERCENT_COMPLETE]
    priority: Annotated[int, fields.PRIORITY]
    start: Annotated[dict[str, str] | None, fields.START]
    due: Annotated[dict[str, str] | None, fields.DUE]
    estimated_duration: Annotated[str | None, fields.ESTIMATED_DURATION]
    tags: Annotated[tuple[str, ...], fields.TAGS]
    links: Annotated[tuple[str, ...], fields.LINKS]
    reminders: Annotated[list[dict[str, str]], fields.REMINDERS]
    recurrence: Annotated[dict[str, Any] | None, fields.RECURRENCE]
    occurrence_of: Annotated[dict[str, Any] | None, fields.OCCURRENCE_OF]
    list: Annotated[int, fields.LIST]
    parent: Annotated[int | None, fields.PARENT]
    depends_on: Annotated[tuple[int, ...], fields.DEPENDS_ON]
    rank: Annotated[str, Field(description="Its manual position: ranks sort by the bytes of their text.")]
    subtask_count: Annotated[int, Field(description="How many live subtasks it has.")]
    open_subtask_count: Annotated[int, Field(description="How many of them are open.")]
    comment_count: Annotated[int, Field(description="How many comments it has.")]
    created: Annotated[datetime, Field(description="When it was created, in UTC.")]
    updated: Annotated[datetime, Field(description="When it was last changed, in UTC.")]
    completed: Annotated[datetime | None, Field(description="When it was completed, in UTC, or null.")]


class ClaimDocument(Document):
    """Who works on a task alone, and until when."""

    holder: Annotated[str, fields.HOLDER]
    until: Annotated[datetime, Field(description="When the claim ends by itself, in UTC. Compare it with the time.")]
    fence: Annotated[int, fields.FENCE]


Assigned = Annotated[tuple[str, ...] | None, fields.ASSIGNEES]
Claimed = Annotated[
    ClaimDocument | None, Field(description="The claim on it; absent if it has none. It may have ended already.")
]


class AlertDocument(Document):
    """A reminder that has fired, and was not dismissed."""

    reminder: Annotated[str, Field(description="Which reminder of the task.", examples=["due-PT15M"])]
    at: Annotated[datetime, Field(description="When it was due, in UTC.")]
    fired: Annotated[datetime, Field(description="When it fired, in UTC.")]
    late: Annotated[bool, Field(description="Whether it fired more than a minute late, as when no server ran.")]
    snoozed: Annotated[datetime | None, Field(description="When it fires again, in UTC, or null.")]


Alerted = Annotated[
    tuple[AlertDocument, ...], Field(description="The reminders that have fired; absent if there are none.")
]


class TaskDocument(TaskContent):
    """A task."""

    blocked: Annotated[bool, Field(description="Whether it depends on a live, open task.")]
    revision: TaskRevision
    assignees: Assigned = None
    claim: Claimed = None
    alerts: Alerted = ()


_CHOSEN: dict[str, Any] = dict.fromkeys((*TaskDocument.__struct_fields__, "urgency"), (Any, None))
ChosenFieldsDocument = create_model(
    "ChosenFieldsDocument",
    __config__=ConfigDict(defer_build=True),  # until the document is asked for
    __doc__="Those of a task's fields that `fields` names; `urgency` among them, if it is.",
    **_CHOSEN,
)


class OccurrenceDocument(Document):
    """An occurrence of a recurring task."""

    recurrenceId: Annotated[dict[str, str], fields.RECURRENCE_ID]  # noqa: N815  # as RFC 8984 calls it
    start: Annotated[dict[str, str] | None, fields.START]
    due: Annotated[dict[str, str] | None, fields.DUE]


class CommentDocument(Document):
    """A comment on a task."""

    id: Annotated[int, Field(description="Its number, unique within its task and never reused.")]
    text: Annotated[str, fields.COMMENT_TEXT]
    author: Annotated[str | None, fields.AUTHOR]
    created: Annotated[datetime, Field(description="When it was written, in UTC.")]
    updated: Annotated[datetime, Field(description="When it was last edited, in UTC.")]


class ListDocument(Document):
    """A list of tasks."""

    id: Annotated[int, Field(description="Its number, unique within the workspace and never reused; 1 is the inbox.")]
    name: Annotated[str, fields.LIST_NAME]
    colour: Annotated[str | None, fields.COLOUR]
    description: Annotated[str | None, fields.DESCRIPTION]
    archived: Annotated[bool, fields.ARCHIVED]
    created: Annotated[datetime | None, Field(description="When it was created, in UTC; null for an unchanged inbox.")]
    updated: Annotated[
        datetime | None, Field(description="When it was last changed, in UTC; null for an unchanged inbox.")
    ]
    revision: Annotated[
        int, Field(description="The revision of the workspace that last changed it; quoted, it is the ETag.")
    ]


class UrgencyDocument(Document):
    """How urgent a task is."""

    id: Id
    urgency: Annotated[float, Field(description="The sum of the weights that apply to it.")]
    blocked: Annotated[bool, Field(description="Whether it depends on a live, open task.")]
    blocking: Annotated[bool, Field(description="Whether an open task depends on it.")]
    at: Annotated[datetime, Field(description="The instant for which it was computed, in UTC.")]


def task_document(task: TaskView) -> TaskDocument:
    """Return the document of a task: its text, which goes into the response as it is."""
    return cast("TaskDocument", msgspec.Raw(task.as_json().encode()))


def occurrence_document(occurrence: Occurrence) -> OccurrenceDocument:
    """Return the document of an occurrence."""
    return OccurrenceDocument(
        occurrence.recurrence_id.as_json(),
        None if occurrence.start is None else occurrence.start.as_json(),
        None if occurrence.due is None else occurrence.due.as_json(),
    )


def comment_document(comment: CommentView) -> CommentDocument:
    """Return the document of a comment."""
    return CommentDocument(comment.id, comment.text, comment.author, comment.created, comment.updated)


def list_document(task_list: TaskList) -> ListDocument:
    """Return the document of a list."""
    return ListDocument(
        task_list.id,
        task_list.name,
        task_list.colour,
        task_list.description,
        task_list.archived,
        task_list.created,
        task_list.updated,
        task_list.revision,
    )


def urgency_document(view: UrgencyView) -> UrgencyDocument:
    """Return the document of a task's urgency."""
    return UrgencyDocument(view.id, view.urgency, view.blocked, view.blocking, view.at)
