"""The names of shards and their URLs, as an operator gives them."""

import re
from typing import Final

from taskharbor.application.shards.shard_records import HOME
from taskharbor.domain.errors import InvalidValue

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def shard_urls_from(text: str) -> dict[str, str]:
    """Return the URLs by their names; `off` and nothing are none.

    Raises:
        InvalidValue: for `shards`; the message never repeats a URL, which may hold a password.
    """
    found: dict[str, str] = {}
    for word in [] if text.strip().lower() == "off" else text.split():
        name, _, url = word.partition("=")
        if not _NAME.fullmatch(name) or name == HOME or name in found or not url.startswith("postgres"):
            raise InvalidValue(
                "shards",
                f"must be names of a-z, 0-9 and -, each once and none of them {HOME}, each with = and a URL that "
                "starts with postgresql://, separated by spaces",
            )
        found[name] = url
    return found
