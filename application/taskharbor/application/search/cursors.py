"""Cursors: where a page ended, sealed, so that it cannot be continued with another query."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.order import OrderValue
from taskharbor.domain.search.time_span import Microseconds, utc_microseconds

MAX_CURSOR_LENGTH: Final = 8192

_SEAL: Final = 16
"""Bytes of the HMAC that are kept."""

_EARLIEST: Final = utc_microseconds(datetime.min.replace(tzinfo=UTC))
_CLOCKS_DIFFER_BY: Final[Microseconds] = timedelta(days=1) // timedelta(microseconds=1)
"""The clock of the server that sealed a cursor may be ahead."""

_REASON: Final = "must come from a page with the same filter, q, sort, time_zone and as_of"


@frozen
class OpenedCursor:
    """What was in a cursor.

    Attributes:
        values: to be read with `place_from`.
        at: when the question was first asked.
        mark: the last commit when the page was read.
    """

    values: tuple[object, ...]
    at: Microseconds
    mark: CommitMark


class Cursors:
    """Seals positions and opens them again. All workers of a server need the same key.

    Args:
        key: any bytes that clients cannot guess. With them a client could make cursors of its own, and learn nothing
            but what the filter finds anyway: what a cursor holds is checked like any other input.
    """

    def __init__(self, key: bytes) -> None:
        self._key = sha256(b"taskharbor cursor 2\x00" + key).digest()

    def seal(self, values: Sequence[OrderValue], *, at: Microseconds, mark: CommitMark, context: str) -> str:
        """Return the place after a task with these values, for a question asked at some time, as opaque text.

        `mark` is the last commit by now. `context` is the question. It is not in the text, and without it the text
        cannot be opened.
        """
        content = json_text([at, str(mark), *values]).encode()
        return _text_of(self._seal_of(content, context) + content)

    def open(self, cursor: str, *, context: str, now: datetime) -> OpenedCursor:
        """Return what is in a cursor.

        Raises:
            InvalidValue: for `cursor`, if it is none of ours, or not about this question, or of a time that is not yet.
        """
        try:
            raw = urlsafe_b64decode(cursor[:MAX_CURSOR_LENGTH].encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError:
            raise InvalidValue("cursor", _REASON) from None
        seal, content = raw[:_SEAL], raw[_SEAL:]
        # Python's decoder passes over what is no letter of base64, and over bits of the last one.
        if _text_of(raw) != cursor or not hmac.compare_digest(seal, self._seal_of(content, context)):
            raise InvalidValue("cursor", _REASON)
        try:
            at, marked, *values = json.loads(content)
        except (ValueError, TypeError, RecursionError):
            raise InvalidValue("cursor", _REASON) from None
        mark = CommitMark.from_text(marked) if isinstance(marked, str) else None
        if mark is None or type(at) is not int or not _EARLIEST <= at <= utc_microseconds(now) + _CLOCKS_DIFFER_BY:
            raise InvalidValue("cursor", _REASON)
        return OpenedCursor(tuple(values), at, mark)

    def _seal_of(self, content: bytes, context: str) -> bytes:
        sealed = sha256(context.encode("utf-8", "surrogatepass")).digest() + content
        return hmac.digest(self._key, sealed, "sha256")[:_SEAL]


def _text_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
