"""A unit of work that writes down what was answered, in the same commit."""

from dataclasses import replace

from taskharbor.application.idempotency.result_codec import THIS_COMMIT
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision


class KeyedUnitOfWork(UnitOfWork):
    """To the use case a unit of work like any other; its commit, though, waits until the answer is known.

    After `commit()` all that was written has the revision `THIS_COMMIT`, which stands for that of the commit to come.
    """

    _pending: Changeset | None = None

    @property
    def is_committed(self) -> bool:
        """Whether the use case has asked for its commit. One that only tries something out does not."""
        return self._pending is not None

    async def write_all(self) -> Revision:
        """Write all changes, and the records put since; return the revision that this took.

        Raises:
            ConcurrentUpdate, UidTaken, StoreUnavailable: as `UnitOfWork.commit` does. Nothing was written.
        """
        self._must_go_on()
        if self._pending is None:
            raise RuntimeError("nothing was committed")
        changes = replace(self._pending, records=(*self._pending.records, *self.records.written))
        return await self._to_the_end(changes)

    async def _write(self, changes: Changeset | None) -> Revision | None:
        if self._pending is not None:
            raise RuntimeError("a call with an idempotency key can commit only once")
        self._pending = changes or Changeset(workspace=self.workspace)
        return None if changes is None else THIS_COMMIT
