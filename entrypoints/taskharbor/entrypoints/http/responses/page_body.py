"""A page as bytes, and its ETag."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Self

from taskharbor.application.documents.encoded_tasks import EncodedTasks, joined
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.frozen import frozen


@frozen
class PageBody:
    """The items of a page.

    Attributes:
        json: a JSON array.
        digest: what only the same array has.
    """

    json: bytes
    digest: bytes

    @classmethod
    def of(cls, json: bytes) -> Self:
        """Return the body with this text."""
        return cls(json, sha256(json).digest())

    @classmethod
    def of_tasks(cls, tasks: Iterable[TaskView]) -> Self:
        """Return the body with these tasks."""
        json = b"[%b]" % joined(tasks)
        return cls(json, tasks.digest) if isinstance(tasks, EncodedTasks) else cls.of(json)

    def etag(self, link: bytes) -> bytes:
        """Return a strong ETag for the page. The link counts: the last page gets one when more tasks come."""
        digest = sha256(self.digest)
        digest.update(link)
        return b'"%s"' % digest.hexdigest()[:32].encode()
