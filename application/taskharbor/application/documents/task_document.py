"""A task as text, and back: what rows hold, pages show, files carry and the history compares.

A task has two texts. Its *document* is JSON in the wire form: what readers are answered with. Its *details* are what
pages leave out, since it can be long: comments and foreign data. `revision`, `deleted` and whatever depends on other
tasks stand in neither: a store has columns for them. A claim stands in the document of a task that has one, before the
last member, so that no object ends the document. Its fence is null there until the task is written again: which
revision the claim has taken was not known yet.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from taskharbor.application.documents.field_codecs import CODECS, text_of
from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.fields import TASK_FIELDS, Part, TaskField
from taskharbor.domain.tasks.task import BLANK, Task

Json: TypeAlias = dict[str, Any]
"""A JSON object."""

_BEFORE_ID: Final = '{"id":'


DOCUMENT_FIELDS: Final = tuple(field for field in TASK_FIELDS if field.part is Part.DOCUMENT)
"""The fields of a document, in order."""

OPTIONAL_FIELDS: Final = tuple(field for field in TASK_FIELDS if field.part is Part.OPTIONAL)
"""Those that stand before the last of them in the document of a task that has them. Older documents lack them, too."""

Texts: TypeAlias = tuple[str, ...]
"""The value of each of the `DOCUMENT_FIELDS` as JSON text; before the last the optional ones, with name and comma."""

PLACES: Final = {field.name: place + (field is DOCUMENT_FIELDS[-1]) for place, field in enumerate(DOCUMENT_FIELDS)}
"""Where the value of each of the `DOCUMENT_FIELDS` is among the texts of a task."""


def _writer(fields: Sequence[TaskField], *, optional: Sequence[TaskField] = ()) -> Callable[[Task], Texts]:
    """Return a function that writes these fields of a task, each as text, and the optional ones together.

    It is compiled, as dataclasses compiles constructors: one expression with all fields takes half the time of a loop.
    """
    names: dict[str, Any] = {"TRUE": "true", "FALSE": "false"}
    texts = [f"f'{_member(field, names)}'" for field in fields]
    if optional:
        texts.insert(-1, f"f'{''.join(_optional_member(field, names) for field in optional)}'")
    exec(f"def write(task): return ({','.join(texts)},)", names)  # noqa: S102  # names of fields
    write: Callable[[Task], Texts] = names["write"]
    return write


def _object(fields: Sequence[TaskField], *, before_last: str = "") -> Callable[[Texts], str]:
    """Return a function that makes an object of the texts of these fields."""
    members = [f'"{field.name}":%s' for field in fields]
    return f"{{{','.join(members[:-1])}{before_last},{members[-1]}}}".__mod__


def _member(field: TaskField, names: dict[str, Any]) -> str:
    """Return the part of an f-string that writes a field; put into `names` what it refers to."""
    codec, value = CODECS[field.type], f"task.{field.name}"
    if codec.inline is not None and field.absent is not None:
        return codec.inline.replace("VALUE", value)
    written, absent = f"text_of_{field.name}", f"absent_{field.name}"
    names |= {written: codec.text, absent: text_of(field)(field.absent) if field.can_be_absent else None}
    if field.absent is None:
        return f"{{{absent} if (value := {value}) is None else {written}(value)}}"
    if field.absent == ():
        return f"{{{written}(value) if (value := {value}) else {absent}}}"
    return f"{{{written}({value})}}"


def _optional_member(field: TaskField, names: dict[str, Any]) -> str:
    """Return the part of an f-string that writes a field with its name and a comma, or nothing if it is absent."""
    text = CODECS[field.type].text
    written = f"text_of_{field.name}"
    names[written] = lambda value: f',"{field.name}":{text(value)}'
    return f'{{{written}(value) if (value := task.{field.name}) else ""}}'


texts_of: Final = _writer(DOCUMENT_FIELDS, optional=OPTIONAL_FIELDS)
"""Return the texts of a task, of which its document and its history are made."""

document_from: Final = _object(DOCUMENT_FIELDS, before_last="%s")
"""Return the document that has these texts."""


def document_of(task: Task, made: Mapping[TaskId, str] = MappingProxyType({})) -> str:
    """Return the document of a task; it is not made again if it is among the ones `made`, by id."""
    return made.get(task.id) or document_from(texts_of(task))


_DETAILS: Final = tuple(field for field in TASK_FIELDS if field.part is Part.DETAILS)
_detail_texts: Final = _writer(_DETAILS)
_details_from: Final = _object(_DETAILS)
_details: Final = attrgetter(*(field.name for field in TASK_FIELDS if field.part is Part.DETAILS))
_COMPUTED: Final = tuple(field.name for field in TASK_FIELDS if field.part is Part.DOCUMENT and field.is_computed)


def id_in(document: str) -> TaskId:
    """Return the id of the task that has this document, without reading all of it: `document_of` puts it first.

    Raises:
        StoreNotReady: if it is no such document.
    """
    try:
        return int(document[len(_BEFORE_ID) : document.index(",", len(_BEFORE_ID))])
    except ValueError as error:
        raise unreadable("The document of a task", error) from error


def details_of(task: Task) -> str | None:
    """Return the details of `task`, or None if it has none."""
    return _details_from(_detail_texts(task)) if any(_details(task)) else None


def details_as_json(task: Task) -> Json:
    """Return what the details of `task` say."""
    details: Json = json.loads(_details_from(_detail_texts(task)))
    return details


def task_from(document: str, details: str | None, *, deleted: datetime | None, revision: Revision) -> Task:
    """Return the task that has these texts. What a store gives back was checked when it was made.

    Raises:
        StoreNotReady: if they are no texts of a task: the store is damaged.
    """
    try:
        members = typed(json.loads(document))
        for name in _COMPUTED:
            del members[name]
        if details is not None:
            members |= _read(json.loads(details), _READERS_OF_DETAILS)
        if members.get("claim") is not None:
            members["claim"] = members["claim"].fenced(revision)
        return replace(BLANK, **members, deleted=deleted, revision=revision)
    except UNREADABLE as error:
        raise unreadable(f"A task of revision {revision}", error) from error


def typed(members: Json) -> Json:
    """Return the members of a document as the types of the domain, in place."""
    return _read(members, _READERS)


def values_from(said: Mapping[str, Any]) -> dict[str, object]:
    """Return values of a task's fields that are in the wire form, as the types of the domain.

    Members that are no fields, or are computed, are left out.
    """
    return {
        name: value if value is None or (read := _READER_OF[name]) is None else read(value)
        for name, value in said.items()
        if name in _READER_OF
    }


def _read(members: Json, readers: Sequence[tuple[str, Callable[[Any], object]]]) -> Json:
    for name, read in readers:
        value = members.get(name)  # what was stored by an older version may lack a field that is new
        if value is not None:
            members[name] = read(value)
    return members


def _readers(part: Part) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    codecs = [(field.name, CODECS[field.type].value) for field in TASK_FIELDS if field.part is part]
    return tuple((name, read) for name, read in codecs if read is not None)


_READERS: Final = (*_readers(Part.DOCUMENT), *_readers(Part.OPTIONAL))
_READERS_OF_DETAILS: Final = _readers(Part.DETAILS)

_READER_OF: Final = {
    field.name: CODECS[field.type].value
    for field in TASK_FIELDS
    if field.part in {Part.DOCUMENT, Part.OPTIONAL, Part.DETAILS} and not field.is_computed
}
