"""Tasks that a store hands over as one text: a page that only goes on to a client is never taken apart."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, overload

from taskharbor.application.documents.task_document import id_in
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import TaskId

ITEM_SEPARATOR: Final = b",\n"
"""Stands in no document: JSON has no line breaks inside of its texts, and ours has none elsewhere."""

_ID_WITHIN: Final = 32
"""Bytes of a task's text in which its id stands."""

_BLOCKED: Final = re.compile(rb',"blocked":(?:true|false)(?=,"revision":[0-9]+\}(?:,\n|\Z))')
"""In the text of a task; no quotation mark stands in it but those of JSON itself."""


class EncodedTasks(Sequence[TaskView]):
    """An immutable sequence of tasks, each decoded when it is first used.

    It is equal to a list of the same tasks.

    Attributes:
        text: their `TaskView.as_json`, in UTF-8, with `ITEM_SEPARATOR` between them.
    """

    __slots__ = ("_beginning", "_count", "_digest", "_views", "text")

    def __init__(self, text: bytes, count: int) -> None:
        self.text: Final = text
        self._count: Final = count
        self._views: list[TaskView] | None = None
        self._beginning: EncodedTasks | None = None
        self._digest: bytes | None = None

    def digest(self, digest_of: Callable[[bytes], bytes]) -> bytes:
        """Return what this makes of the text, made once however many are answered with it."""
        if self._digest is None:
            self._digest = digest_of(self.text)
        return self._digest

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> TaskView: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TaskView]: ...
    def __getitem__(self, index: int | slice) -> TaskView | Sequence[TaskView]:
        if self._views is None:  # what is asked of every page does not need all of them
            if isinstance(index, slice):
                if index.start is None and index.step is None:
                    return self._first(index.indices(self._count)[1])
            elif index == -1 and self._count:
                return TaskView.from_json(self.text[self.text.rfind(b"\n") + 1 :].decode())
        return self._made()[index]

    def __iter__(self) -> Iterator[TaskView]:
        return iter(self._made())

    def __eq__(self, other: object) -> bool:
        return self._made() == list(other) if isinstance(other, EncodedTasks | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __repr__(self) -> str:
        return repr(self._made())

    def without_blocked(self) -> "EncodedTasks":
        """Return them as the feed tells them."""
        return EncodedTasks(_BLOCKED.sub(b"", self.text), self._count)

    def _first(self, count: int) -> "EncodedTasks":
        if count == self._count:
            return self
        if self._beginning is None or len(self._beginning) != count:
            self._beginning = EncodedTasks(self._text_of_first(count), count)
        return self._beginning

    def _text_of_first(self, count: int) -> bytes:
        if count == self._count - 1 > 0:  # as of nearly every page: one more is read than is shown
            return self.text[: self.text.rindex(b"\n") - 1]  # one byte is found quicker than two
        return self.text.rsplit(ITEM_SEPARATOR, self._count - count)[0] if count else b""

    def _made(self) -> list[TaskView]:
        if self._views is None:
            self._views = [TaskView.from_json(text) for text in texts_in(self.text)]
        return self._views


def last_id_of(tasks: Sequence[TaskView]) -> TaskId:
    """Return the id of the last of some tasks; of encoded ones it is read without decoding any."""
    if isinstance(tasks, EncodedTasks):
        begin = tasks.text.rfind(b"\n") + 1
        return id_in(tasks.text[begin : begin + _ID_WITHIN].decode("ascii", "replace"))
    return tasks[-1].id


def joined(tasks: Iterable[TaskView]) -> bytes:
    """Return the text of any tasks as `EncodedTasks` has it."""
    if isinstance(tasks, EncodedTasks):
        return tasks.text
    return ITEM_SEPARATOR.decode().join([task.as_json() for task in tasks]).encode()


def texts_in(text: bytes) -> list[str]:
    """Return the texts between which `ITEM_SEPARATOR` stands."""
    # One byte is found quicker than two, and in bytes quicker than in a text that has more than Latin letters.
    return [line.removesuffix(b",").decode() for line in text.split(b"\n")] if text else []
