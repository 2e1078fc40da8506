"""Answers as bytes: documents are encoded once and nothing is validated again."""

import logging
from collections.abc import Iterable
from typing import Final

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.progress.list_occurrences import OccurrencePage
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.requests.errors import MethodNotAllowed
from taskharbor.entrypoints.http.requests.preferences import RETURN_REPRESENTATION, prefers_representation
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.problem_types import problem_type_of
from taskharbor.entrypoints.http.responses.problems import PROBLEM_JSON, Problem, headers_of, problem_of
from taskharbor.entrypoints.http.schemas.documents import occurrence_document

Header = tuple[bytes, bytes]

_LOG: Final = logging.getLogger("taskharbor.http")


def _builtins_of(value: object) -> object:
    if isinstance(value, Problem):
        return value.model_dump(exclude_none=True)
    raise TypeError(f"{type(value).__name__} is no part of an answer")


_ENCODE: Final = msgspec.json.Encoder(enc_hook=_builtins_of).encode
_JSON: Final[Header] = (b"content-type", b"application/json")
_PROBLEM: Final[Header] = (b"content-type", PROBLEM_JSON.encode())
# Tasks belong to a tenant, and may have changed a moment later.
_NO_CACHE: Final[Header] = (b"cache-control", b"private, no-cache")
_REPRESENTATION: Final[Header] = (b"preference-applied", RETURN_REPRESENTATION.encode())

PROTECTION: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
)
"""In every answer: a browser guesses no other media type, and shows it in no frame."""


class Answer(Response):
    """A response whose headers are final: Starlette's own would encode them all again."""

    def __init__(self, status_code: int, body: bytes, headers: list[Header]) -> None:
        self.status_code = status_code
        self.body = body
        self.raw_headers = headers
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # a call of ASGI
        """Send it: no task runs behind it, and no websocket waits for it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def task_etag(revision: Revision) -> bytes:
    """Return the ETag of what this revision covers."""
    return b'"%d"' % revision


def etag_of(task: TaskView) -> bytes:
    """Return the ETag of a task. What depends on others says whether it is blocked, which its revision does not."""
    if task.can_be_blocked:
        return b'"%d-%b"' % (task.revision, b"blocked" if task.blocked else b"free")
    return task_etag(task.revision)


def task_answer(task: TaskView, etag: bytes | None = None) -> Answer:
    """Answer with a task; `etag` is its ETag, if that is known already."""
    body = task.as_json().encode()
    headers = [_JSON, _NO_CACHE, (b"etag", etag or etag_of(task)), _length(body)]
    return Answer(200, body, headers)


def created(task: TaskView, location: str) -> Answer:
    """Answer with a new task, which is found at `location`."""
    body = task.as_json().encode()
    headers = [_JSON, _length(body), (b"etag", etag_of(task)), (b"location", location.encode("ascii"))]
    return Answer(201, body, headers)


def document_answer(document: object, revision: Revision) -> Answer:
    """Answer with a part of a task, or a list; the revision makes the ETag."""
    body = _ENCODE(document)
    return Answer(200, body, [_JSON, _NO_CACHE, (b"etag", task_etag(revision)), _length(body)])


def document_created(document: object, revision: Revision, location: str) -> Answer:
    """Answer with what is new and found at `location`."""
    body = _ENCODE(document)
    return Answer(
        201, body, [_JSON, _length(body), (b"etag", task_etag(revision)), (b"location", location.encode("ascii"))]
    )


def encoded(content: object) -> bytes:
    """Return any documents as JSON."""
    return _ENCODE(content)


def deleted(scope: Scope, document: object, revision: Revision) -> Answer:
    """Answer with nothing but the ETag of the tombstone, or with what was deleted if the caller prefers that."""
    etag = (b"etag", task_etag(revision))
    if not prefers_representation(scope):
        return Answer(204, b"", [etag])
    body = _ENCODE(document)
    return Answer(200, body, [_JSON, _NO_CACHE, _REPRESENTATION, etag, _length(body)])


def nothing_found() -> Answer:
    """Answer that there is nothing."""
    return Answer(204, b"", [(b"cache-control", b"no-store")])


def page_answer(body: PageBody, etag: bytes, link: bytes) -> Answer:
    """Answer with a page."""
    return Answer(200, body.json, [_JSON, _length(body.json), *_page_headers(etag, link)])


def occurrences_answer(page: OccurrencePage, link: bytes) -> Answer:
    """Answer with occurrences."""
    body = _ENCODE([occurrence_document(occurrence) for occurrence in page.items])
    headers = [_JSON, _NO_CACHE, _length(body)]
    if link:
        headers.append((b"link", link))
    return Answer(200, body, headers)


def page_not_modified(etag: bytes, link: bytes) -> Answer:
    """Answer that the caller's copy of a page is good."""
    return Answer(304, b"", _page_headers(etag, link))


def task_not_modified(etag: bytes) -> Answer:
    """Answer that the caller's copy of a task is good."""
    return Answer(304, b"", [_NO_CACHE, (b"etag", etag)])


def json_answer(content: object) -> Answer:
    """Respond with JSON that must not be cached."""
    body = _ENCODE(content)
    return Answer(200, body, [_JSON, (b"cache-control", b"no-store"), _length(body)])


def secret_created(document: object, location: str) -> Answer:
    """Answer with what is new, found at `location` and perhaps secret: nobody must keep the answer."""
    body = _ENCODE(document)
    no_store = (b"cache-control", b"no-store")
    return Answer(201, body, [_JSON, no_store, _length(body), (b"location", location.encode("ascii"))])


def problem_answer(error: TaskharborError, *, headers: Iterable[Header] = ()) -> Answer:
    """Answer with a problem document.

    Raises:
        TaskharborError: the error itself, if it has no problem type.
    """
    kind = problem_type_of(error)
    if kind is None:
        raise error
    if isinstance(error, StoreUnavailable | StoreNotReady):
        _LOG.error("%s", error)
    body = problem_of(error, kind).model_dump_json(exclude_none=True).encode()
    return Answer(kind.status, body, [_PROBLEM, _length(body), *headers_of(error, kind), *headers])


def method_answer(method: str, allowed: str) -> Answer:
    """Answer a method that a path does not have: OPTIONS with those that it has (RFC 9110 section 9.3.7)."""
    allowed = f"{allowed}, OPTIONS"
    if method == "OPTIONS":
        return Answer(204, b"", [(b"allow", allowed.encode())])
    return problem_answer(MethodNotAllowed(allowed))


def _page_headers(etag: bytes, link: bytes) -> list[Header]:
    headers = [_NO_CACHE, (b"etag", etag)]
    if link:
        headers.append((b"link", link))
    return headers


def _length(body: bytes) -> Header:
    return (b"content-length", b"%d" % len(body))
