"""What the API answers, operation by operation, is written down in `tests/data/recorded/session.txt`.

A change of an answer shows in that file: `make session` writes it anew, to be read and committed.
"""

import os
import re
from difflib import unified_diff
from pathlib import Path

from integration.recorded.session import BEGIN, client_of, play, text_of
from integration.recorded.steps import STEPS
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock

_RECORDED = Path(__file__).parents[2] / "data/recorded/session.txt"


async def test_every_store_answers_the_session_as_it_was_recorded(url: str) -> None:
    clock = FakeClock(BEGIN)
    async with client_of(url, clock) as client:
        text = "\n".join(map(text_of, await play(client, clock, STEPS)))
    if "REFRESH_SESSION" in os.environ:
        _RECORDED.write_text(text, encoding="utf-8")
    recorded = _RECORDED.read_text(encoding="utf-8")
    changed = "\n".join(unified_diff(recorded.splitlines(), text.splitlines(), "recorded", "answered", lineterm=""))
    assert changed == "", f"if this is meant, run `make session`:\n{changed}"


async def test_the_session_leaves_no_operation_out() -> None:
    app = create_app(container=container_from(Settings(database_url="memory://")))
    async with client_of("memory://", clock := FakeClock(BEGIN)) as client:
        asked = {(each.method, each.path) for each in await play(client, clock, STEPS) if each.status < 400}
    # A stream does not end; what it answers is written down without it.
    asked.add(("POST", "/webhooks/sends-a-request-to-the-outside/test"))
    asked |= {("GET", path) for method, path in asked if method == "HEAD"}
    missing = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method in operations
        if not any(_is_at(path, method, *each) for each in asked)
    }
    # No request makes a reminder fire (see `ReminderContract`), and one takes a member who has signed in.
    fired = {f"POST /tasks/{{task_id}}/reminders/{{reminder}}/{verb}" for verb in ("snooze", "dismiss")}
    assert missing == {"POST /members/leave"} | fired


_IN_TEAM = re.compile(r"^/workspaces/team(?=/)")


def _is_at(template: str, method: str, asked_method: str, asked_path: str) -> bool:
    wanted, found = template.split("/"), _IN_TEAM.sub("", asked_path).partition("?")[0].split("/")
    return (
        method.upper() == asked_method
        and len(wanted) == len(found)
        and all(one == other or one.startswith("{") for one, other in zip(wanted, found, strict=True))
    )
