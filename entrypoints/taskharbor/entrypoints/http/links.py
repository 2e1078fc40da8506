"""Where tasks and pages are found, as seen by the caller: below any prefix and behind a proxy."""

from urllib.parse import quote

from starlette.types import Scope

from taskharbor.application.progress.list_occurrences import ListOccurrences
from taskharbor.domain.identifiers import TaskId


def path_of(scope: Scope) -> str:
    """Return the path of this request as a URI reference that does not depend on the name of the host."""
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    # ASGI says that the path begins with root_path; where a proxy cut it off, it may not.
    return quote(path if path.startswith(f"{root}/") else root + path)


def location_of(scope: Scope, task_id: TaskId) -> str:
    """Return where a task is that was created by this request to the collection."""
    return f"{path_of(scope).rstrip('/')}/{task_id}"


def next_link(scope: Scope, *, after: TaskId | None, limit: int) -> bytes:
    """Return a Link header (RFC 8288) to the page that begins after `after`; empty if there is none.

    It is a keyset link even if this page was reached by `skip`: from here on nothing is missed.
    """
    if after is None:
        return b""
    return f'<{path_of(scope)}?after={after}&limit={limit}>; rel="next"'.encode("ascii")


def next_occurrences_link(scope: Scope, query: ListOccurrences, since: str | None) -> bytes:
    """Return a Link header to the occurrences from `since` on; empty if there are no more."""
    if since is None:
        return b""
    to = "" if query.before is None else f"&to={quote(str(query.before))}"
    return f'<{path_of(scope)}?from={since}{to}&limit={query.limit}>; rel="next"'.encode("ascii")
