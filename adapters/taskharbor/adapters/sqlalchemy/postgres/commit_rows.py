"""The rows that a commit writes, and the pieces in which they are sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, column

from taskharbor.adapters.sqlalchemy.commits.commit_times import CommitTimes
from taskharbor.adapters.sqlalchemy.postgres.array_rows import ArrayRows, words_text
from taskharbor.adapters.sqlalchemy.rows.record_rows import (
    HISTORY_COLUMNS,
    RECORD_COLUMNS,
    entry_to_row,
    record_to_row,
)
from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.tables import records, tasks
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.search_tokens import same_tokens
from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.task import Task

Row: TypeAlias = Sequence[Any]

PIECE: Final = 200_000
"""Characters of documents in one statement, unless a single row has more; with all that is made of them half a megabyte
or one. The driver encodes the parameters of a statement without a break, 15 MB of documents in 80 ms, and PostgreSQL,
which indexes their words, needs up to 0.2 s before it answers: a tenth of the time after which it counts as silent."""

_STEP: Final = column("step", BigInteger)
"""Which of the revisions taken a row gets: 0 is the last one, -1 the one before."""

_READ_AT: Final = column("read_at", BigInteger)
"""The revision at which a row was read."""

RECORD_KEY: Final = (records.c.kind, records.c.key)

ADDED: Final = ArrayRows("added", (*WRITTEN_COLUMNS, _STEP))
CHANGED: Final = ArrayRows("changed", (*WRITTEN_COLUMNS, _STEP, _READ_AT))
GUARDED: Final = ArrayRows("guarded", (tasks.c.id, _READ_AT))
NEW_RECORDS: Final = ArrayRows("new_records", (*RECORD_COLUMNS[:-1], _STEP))
CHANGED_RECORDS: Final = ArrayRows("changed_records", (*RECORD_COLUMNS[:-1], _STEP, _READ_AT))
GUARDED_RECORDS: Final = ArrayRows("guarded_records", (*RECORD_KEY, _READ_AT))
HISTORY: Final = ArrayRows("history", (*HISTORY_COLUMNS, _STEP))

_KINDS: Final = (GUARDED, GUARDED_RECORDS, CHANGED_RECORDS, CHANGED, NEW_RECORDS, ADDED, HISTORY)
"""In the order in which they are sent: what can be refused comes first."""

_CHECKED: Final = (GUARDED, GUARDED_RECORDS, CHANGED_RECORDS, CHANGED)


def _length_of(*columns: ColumnElement[Any], long: tuple[str, ...]) -> Callable[[Row], int]:
    """Return what counts the characters of the columns with these names."""
    places = [place for place, each in enumerate(columns) if each.key in long]
    return lambda row: sum([len(row[place]) for place in places if row[place] is not None])


_LENGTHS: Final[Mapping[str, Callable[[Row], int]]] = {
    **dict.fromkeys(("added", "changed"), _length_of(*WRITTEN_COLUMNS, long=("document", "details"))),
    **dict.fromkeys(("new_records", "changed_records"), _length_of(*RECORD_COLUMNS, long=("document",))),
    "history": _length_of(*HISTORY_COLUMNS, long=("changes",)),
}

Parts: TypeAlias = frozenset[str]
"""The names of the kinds of rows that a statement writes or checks."""


@frozen(kw_only=True)
class CommitRows:
    """The rows of changesets of one workspace, which write different rows.

    Attributes:
        common: the parameters that do not depend on the rows.
        rows: those of each kind, by its name.
    """

    common: Mapping[str, Any]
    rows: Mapping[str, list[Row]]

    @classmethod
    def of(cls, group: Sequence[Changeset]) -> Self:
        """Return the rows of some changesets."""
        rows: dict[str, list[Row]] = {kind.name: [] for kind in _KINDS}
        for step, changes in enumerate(group, start=1 - len(group)):
            rows["added"] += [(*_row(changes, task), step) for task in changes.added]
            rows["changed"] += [(*_row(changes, task), step, task.revision) for task in changes.changed]
            rows["guarded"] += changes.guarded.items()
            for record in changes.records:
                *row, read_at = record_to_row(record)
                if read_at:
                    rows["changed_records"].append((*row, step, read_at))
                else:
                    rows["new_records"].append((*row, step))
            rows["guarded_records"] += [(*key, revision) for key, revision in changes.guarded_records.items()]
            rows["history"] += [(*entry_to_row(entry), step) for entry in changes.history]
        if len(group) > 1:  # several may guard the same row
            for name in ("guarded", "guarded_records"):
                rows[name] = [*dict.fromkeys(map(tuple, rows[name]))]
        times = CommitTimes.of([entry for changes in group for entry in changes.history])
        common = {
            "workspace": group[0].workspace,
            "units": len(group),
            "earliest": times.earliest,
            "latest": times.latest,
            "set_back": times.set_back,
        }
        return cls(common=common, rows=rows)

    @property
    def parts(self) -> Parts:
        """Which kinds there are."""
        return frozenset([name for name, rows in self.rows.items() if rows])

    @property
    def arguments(self) -> dict[str, Any]:
        """The parameters of the statement that writes them."""
        expected = sum([len(self.rows.get(kind.name, ())) for kind in _CHECKED])
        arguments = {**self.common, "expected": expected, "expect_few_rows": expected}
        for kind in _KINDS:
            if rows := self.rows.get(kind.name):
                arguments |= kind.arguments(rows)
        return arguments

    @property
    def is_short(self) -> bool:
        """Whether all of them make one piece."""
        return sum([length_of(row) for name, length_of in _LENGTHS.items() for row in self.rows[name]]) <= PIECE

    def pieces(self) -> "Iterator[CommitRows]":
        """Yield all the rows, about `PIECE` characters at a time."""
        piece: dict[str, list[Row]] = {}
        room = PIECE
        for kind in _KINDS:
            length_of = _LENGTHS.get(kind.name)
            for row in self.rows[kind.name]:
                length = 0 if length_of is None else length_of(row)
                if room < length and piece:
                    yield CommitRows(common=self.common, rows=piece)
                    piece, room = {}, PIECE
                piece.setdefault(kind.name, []).append(row)
                room -= length
        yield CommitRows(common=self.common, rows=piece)


def _row(changes: Changeset, task: Task) -> Row:
    before = changes.before.get(task.id)
    keeps = before is not None and same_tokens(before, task)
    return task_to_row(changes.workspace, task, changes.documents, None if keeps else words_text)
