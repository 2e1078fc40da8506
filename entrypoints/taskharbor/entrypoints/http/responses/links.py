"""Where tasks and pages are found, as seen by the caller: below any prefix and behind a proxy."""

from functools import lru_cache
from urllib.parse import quote

from starlette.types import Scope

from taskharbor.application.progress.list_occurrences import ListOccurrences
from taskharbor.domain.identifiers import TaskId

_quoted = lru_cache(256)(quote)


def path_of(scope: Scope) -> str:
    """Return the path of this request as a URI reference that does not depend on the name of the host."""
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    # ASGI says that the path begins with root_path; where a proxy cut it off, it may not.
    return _quoted(path if path.startswith(f"{root}/") else root + path)


def location_of(scope: Scope, segment: int | str) -> str:
    """Return where something is that was created by this request to the collection, by the last segment of its path."""
    return f"{path_of(scope).rstrip('/')}/{segment}"


def link_to_next(scope: Scope, query: str) -> bytes:
    """Return a Link header (RFC 8288) to the page at this path that `query` asks for."""
    return f'<{path_of(scope)}?{query}>; rel="next"'.encode("ascii")


def next_link(scope: Scope, *, after: TaskId | None, limit: int, more: str = "") -> bytes:
    """Return the link to the page that begins after `after`; empty if there is none. `more` is added to its query.

    It is a keyset link even if this page was reached by `skip`: from here on nothing is missed.
    """
    if after is None:
        return b""
    return link_to_next(scope, f"after={after}&limit={limit}{more}")


def next_occurrences_link(scope: Scope, query: ListOccurrences, since: str | None) -> bytes:
    """Return the link to the occurrences from `since` on; empty if there are no more."""
    if since is None:
        return b""
    to = "" if query.before is None else f"&to={quote(str(query.before))}"
    return link_to_next(scope, f"from={since}{to}&limit={query.limit}")
