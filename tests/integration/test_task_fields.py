"""The lists that type checkers need have the fields of the one table."""

from dataclasses import fields
from typing import get_type_hints

from taskharbor.adapters.interchange.csv_format import COLUMNS
from taskharbor.application.documents.field_codecs import CODECS
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.search.fields import OPERATORS, Field
from taskharbor.domain.search.order import Ordered, OrderField
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, TASK_FIELDS, FieldType, Part
from taskharbor.domain.tasks.task import Task
from taskharbor.entrypoints.embedded.fields import TaskFields
from taskharbor.entrypoints.http.schemas.bodies import ChangeTaskBody, CreateTaskBody
from taskharbor.entrypoints.http.schemas.documents import TaskDocument

DOCUMENT = [field.name for field in TASK_FIELDS if field.part is Part.DOCUMENT]
OPTIONAL = [field.name for field in TASK_FIELDS if field.part is Part.OPTIONAL]
RULED = {field.name for field in TASK_FIELDS if field.rule is not None}
FOLLOWING_FROM_SEVERAL = {"progress", "is_completed", "percent_complete", "recurrence"}


def test_a_task_has_every_field_that_does_not_follow_from_others() -> None:
    assert {field.name for field in fields(Task)} == {field.name for field in TASK_FIELDS if not field.is_computed}


def test_what_a_task_computes_is_an_attribute_of_it_or_asked_by_filters_only() -> None:
    computed = {field.name for field in TASK_FIELDS if field.is_computed}
    assert {name for name in computed if not hasattr(Task, name)} == {"recurring", "blocked"}


def test_callers_can_set_what_has_a_rule_and_what_several_fields_decide_together() -> None:
    settable = RULED | FOLLOWING_FROM_SEVERAL
    assert {field.name for field in fields(TaskChanges)} == settable
    assert get_type_hints(TaskFields).keys() == settable
    assert get_type_hints(ChangeTaskBody).keys() == settable
    assert get_type_hints(CreateTaskBody).keys() == settable | {"uid"}


def test_readers_see_the_fields_of_the_document_and_what_depends_on_other_tasks_or_the_commit() -> None:
    assert list(TaskDocument.__struct_fields__) == [*DOCUMENT, "blocked", "revision", *OPTIONAL]
    assert [name for name in TaskView.__annotations__ if name != "_document"] == [
        *DOCUMENT,
        *OPTIONAL,
        "blocked",
        "revision",
        "urgency",
    ]


def test_filters_and_orders_name_what_the_table_lets_them() -> None:
    assert {*Field} == {field.name for field in TASK_FIELDS if field.is_filterable}
    assert {*OrderField} == {field.name for field in TASK_FIELDS if field.is_sortable} | {"urgency"}
    assert {name for name in vars(Ordered) if not name.startswith("_")} == {*OrderField} - {"urgency"}


def test_each_type_that_filters_can_name_has_operators_and_each_type_is_written_in_json() -> None:
    assert {FIELDS_BY_NAME[field].type for field in Field} == OPERATORS.keys()
    assert CODECS.keys() == {*FieldType}


def test_a_table_has_each_field_that_fits_into_cells() -> None:
    left_out = {"is_completed", "reminders", "occurrence_of", "rank", "recurrence"}
    counts = {"subtask_count", "open_subtask_count", "comment_count"}
    shown = {name for name in DOCUMENT if name not in left_out | counts}
    assert {*COLUMNS} == shown | {"rrule", "start_time_zone", "due_time_zone"}
