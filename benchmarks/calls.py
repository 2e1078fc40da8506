"""The calls that are measured: one entry each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Template
from typing import Final, Self
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as a template, sent over and over.

    Attributes:
        name: what the table calls it.
        method: the HTTP method.
        path: path and query. `$id` stands for the next of the seeded tasks in random order, `$skip`, `$after`,
            `$word`, `$day` and `$token` for what was drawn with it (`benchmarks.drawing`), `$n` for the number of the
            request, and `$completed` for `true` in the first pass over the tasks, `false` in the second, and so on,
            so that every change does change something. In `GROWTH_CALLS` `$cursor` is a place in the filtered list.
        body: a JSON text with the same placeholders, or nothing.
        tasks: how many tasks the answer must hold if it is a page with a fixed number of them.
        others: the path with which the other contestants are asked for the nearest thing that they have.
        ours_only: whether just Taskharbor can answer it.
        shared: whether all clients ask for the same, so that readers of one moment can share one reading.
        four_fields: whether ours answers the article's four fields only, which the wide floor cannot.
    """

    name: str
    method: str = "GET"
    path: str
    body: str = ""
    tasks: int | None = None
    others: str | None = None
    ours_only: bool = False
    shared: bool = False
    four_fields: bool = False

    def for_others(self) -> Self:
        """Return the call as the other contestants understand it."""
        return self if self.others is None else replace(self, path=self.others)

    def filled(self, drawn: Mapping[str, str], number: int = 0, *, completed: bool = True) -> tuple[str, str]:
        """Return path and body with the placeholders filled in."""
        values = {**drawn, "n": number, "completed": str(completed).lower()}
        return Template(self.path).substitute(values), Template(self.body).substitute(values)


TITLE: Final = "Water the plants"
DESCRIPTION: Final = "Two litres for the fern, half a litre for everything else."
BATCH_SIZE: Final = 100
FILTER: Final = 'list=1 AND due<"2026-12-08"'
_DRAWN_FILTER: Final = quote('list=1 AND due<"$day"', safe="$")
WORD: Final = "docker"
"""In the titles of some of the generated tasks, not of all."""

CREATE: Final = Call(
    name="create", method="POST", path="/tasks/", body=f'{{"title": "{TITLE} $n", "description": "{DESCRIPTION}"}}'
)
GET: Final = Call(name="get", path="/tasks/$id")
_COMMANDS: Final = ", ".join(
    f'{{"command": "create", "title": "{TITLE} $n", "description": "{DESCRIPTION}"}}' for _ in range(BATCH_SIZE)
)
BATCH: Final = Call(
    name="batch of 100 creates", method="POST", path="/batch", body=f'{{"commands": [{_COMMANDS}]}}', ours_only=True
)

FIRST_PAGE: Final = Call(name="list of 10", path="/tasks/?limit=10", tasks=10, shared=True)
FILTERED: Final = Call(
    name="filtered list of 10",
    path=f"/tasks/?filter={quote(FILTER)}&limit=10",
    tasks=10,
    others="/tasks/?completed=false&limit=10",
    shared=True,
)
SEARCH: Final = Call(
    name="search, 10 found",
    path=f"/tasks/?q={WORD}&limit=10",
    tasks=10,
    others=f"/tasks/?q={WORD}&limit=10",
    shared=True,
)
LIST: Final = Call(name="list of 100", path="/tasks/?limit=100", tasks=100, shared=True)
SYNC: Final = Call(name="sync page of 100", path="/changes?since=*&limit=100", ours_only=True, shared=True)
CHANGE: Final = Call(name="change", method="PATCH", path="/tasks/$id?completed=$completed")
MERGE_PATCH: Final = Call(
    name="merge patch", method="PATCH", path="/tasks/$id", body='{"title": "Run $n"}', ours_only=True
)

_FOUR: Final = "&fields=id,title,description,is_completed"
_SKIPPING_10: Final = "/tasks/?skip=$skip&limit=10"
_SKIPPING_100: Final = "/tasks/?skip=$skip&limit=100"
VARIED: Final = (
    GET,
    Call(name="page of 10 by skip", path=_SKIPPING_10, tasks=10),
    Call(name="page of 10 by after", path="/tasks/?after=$after&limit=10", tasks=10, others=_SKIPPING_10),
    Call(name="page of 10, four fields", path=_SKIPPING_10 + _FOUR, tasks=10, others=_SKIPPING_10, four_fields=True),
    Call(name="page of 100 by skip", path=_SKIPPING_100, tasks=100),
    Call(name="page of 100 by after", path="/tasks/?after=$after&limit=100", tasks=100, others=_SKIPPING_100),
    Call(
        name="page of 100, four fields", path=_SKIPPING_100 + _FOUR, tasks=100, others=_SKIPPING_100, four_fields=True
    ),
    Call(
        name="filtered page of 10",
        path=f"/tasks/?filter={_DRAWN_FILTER}&limit=10",
        tasks=10,
        others="/tasks/?completed=false&skip=$skip&limit=10",
    ),
    Call(name="search", path="/tasks/?q=$word&limit=10", others="/tasks/?q=$word&limit=10"),
    Call(name="sync page of 100 since a token", path="/changes?since=$token&limit=100", ours_only=True),
)
SHARED: Final = (FIRST_PAGE, LIST, FILTERED, SEARCH, SYNC)
CALLS: Final = (*VARIED, *SHARED, CHANGE, MERGE_PATCH, CREATE, BATCH)
"""What only reads comes first: it finds the tasks as they were seeded."""

FILTERED_PATH: Final = f"/tasks/?filter={quote(FILTER)}"
_SINCE: Final = quote('due>="$day"', safe="$")
GROWTH_CALLS: Final = (
    *(call for call in VARIED if not call.four_fields),
    Call(name="filtered page of 10, deep", path=f"{FILTERED_PATH}&cursor=$cursor&limit=10"),
    Call(name="10 due from a day on", path=f"/tasks/?filter={_SINCE}&sort=due&limit=10"),
    *(CHANGE, MERGE_PATCH, CREATE, BATCH),
)
"""Each request asks for something else, and for as much in a small workspace as in a large one."""
