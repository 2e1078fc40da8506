"""The calls that are measured: one entry each."""

from dataclasses import dataclass
from string import Template
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as a template, sent over and over.

    Attributes:
        name: what the table calls it.
        method: the HTTP method.
        path: path and query. `$id` stands for the next of the seeded tasks in random order, `$n` for the number
            of the request, and `$completed` for `true` in the first pass over the tasks, `false` in the second,
            and so on, so that every change does change something.
        body: a JSON text with the same placeholders, or nothing.
        tasks: how many tasks the answer must hold if it is a page with a fixed number of them.
        ours_only: whether just Taskharbor can answer it.
    """

    name: str
    method: str = "GET"
    path: str
    body: str = ""
    tasks: int | None = None
    ours_only: bool = False

    def example(self, task_id: int) -> tuple[str, str]:
        """Return path and body with the placeholders filled in for one task."""
        values = {"id": task_id, "n": 0, "completed": "true"}
        return Template(self.path).substitute(values), Template(self.body).substitute(values)


TITLE: Final = "Water the plants"
DESCRIPTION: Final = "Two litres for the fern, half a litre for everything else."

BATCH: Final = ", ".join(
    f'{{"command": "create", "title": "{TITLE} $n", "description": "{DESCRIPTION}"}}' for _ in range(100)
)

CALLS: Final = (  # what only reads comes first: it finds the tasks as they were seeded
    Call(name="get", path="/tasks/$id"),
    Call(name="list of 10", path="/tasks/?limit=10", tasks=10),
    Call(name="list of 100", path="/tasks/?limit=100", tasks=100),
    Call(name="sync page of 100", path="/changes?since=*&limit=100", ours_only=True),
    Call(name="page after", path="/tasks/?after=$id&limit=10", ours_only=True),
    Call(name="change", method="PATCH", path="/tasks/$id?completed=$completed"),
    Call(name="merge patch", method="PATCH", path="/tasks/$id", body='{"title": "Run $n"}', ours_only=True),
    Call(
        name="create",
        method="POST",
        path="/tasks/",
        body=f'{{"title": "{TITLE} $n", "description": "{DESCRIPTION}"}}',
    ),
    Call(name="batch of 100 creates", method="POST", path="/batch", body=f'{{"commands": [{BATCH}]}}', ours_only=True),
)

CREATE: Final = next(call for call in CALLS if call.name == "create")
GET: Final = next(call for call in CALLS if call.name == "get")
