"""Places in a list that must be asked for: what a cursor says is known only to the server."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from benchmarks.client import Client

LARGEST_PAGE: Final = 1000

_NEXT: Final = re.compile(r'<([^>]*)>; rel="next"')


def cursors_of(path: str, client: Client, *, at_most: int, limit: int) -> list[str]:
    """Follow the links to the next page, as a client would; return their cursors, as they stand in a query string.

    Raises:
        NotAnswered: if the server does not know the path.
    """
    here, cursors = f"{path}&limit={limit}", list[str]()
    while len(cursors) < at_most:
        found = _NEXT.search(client.headers_of(here).get("link", ""))
        if found is None:
            break
        parts = urlsplit(found[1])
        cursors.append(parse_qs(parts.query)["cursor"][0])
        here = f"{parts.path}?{parts.query}"
    return cursors
