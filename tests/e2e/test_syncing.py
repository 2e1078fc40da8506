"""A copy that is kept by batches and the feed of changes, against a real server."""

from pathlib import Path

import pytest

TITLES = Path(__file__).parents[1].joinpath("data", "real_titles.txt").read_text(encoding="utf-8").split("\n")[:-1]
MOST = 1000


def _planned(number: int, title: str) -> dict:
    day = f"2026-12-{number % 28 + 1:02}"
    dues = [
        {"date": day},
        {"localDateTime": f"{day}T09:00:00"},
        {"localDateTime": f"{day}T09:00:00", "timeZone": "Europe/Berlin"},
        None,
    ]
    return {"title": title, "due": dues[number % 4], "priority": number % 10, "tags": [f"tag {number % 7}"]}


def _apply_changes(client, copy: dict, since: str) -> str:
    """Bring a copy up to date, page by page; return the token to go on with."""
    more = True
    while more:
        page = client.get("/changes", params={"since": since, "limit": 700}).json()
        for change in page["items"]:
            if "deleted" in change:
                copy.pop(change["id"], None)
            else:
                copy[change["id"]] = change
        since, more = page["next"], page["more"]
    return since


def _tasks(client) -> dict:
    tasks, after = {}, 0
    while page := client.get("/tasks/", params={"limit": MOST, "after": after}).json():
        tasks |= {task["id"]: {name: task[name] for name in task if name != "blocked"} for task in page}
        after = page[-1]["id"]
    return tasks


def _run(client, commands: list[dict]) -> dict:
    answer = client.post("/batch", json={"commands": commands})
    assert answer.status_code == 200, answer.text[:1000]
    return answer.json()


@pytest.mark.parametrize(
    "running_server", [pytest.param("memory", marks=pytest.mark.long), "sqlite", "postgres"], indirect=True
)
def test_a_copy_follows_3000_real_tasks_through_batches_of_all_kinds(running_server):
    planned = [_planned(number, title) for number, title in enumerate(TITLES)]
    with running_server.client() as client:
        for first in range(0, len(planned), MOST):
            _run(client, [{"command": "create"} | fields for fields in planned[first : first + MOST]])
        copy: dict = {}
        token = _apply_changes(client, copy, "*")
        assert copy == _tasks(client)
        assert [{name: task[name] for name in _planned(0, "")} for _, task in sorted(copy.items())] == planned

        ids = sorted(copy)
        done = [
            _run(client, [{"command": "complete", "id": id_} for id_ in ids[:1000]]),
            _run(client, [{"command": "delete", "id": id_} for id_ in ids[500:1500]]),
            _run(client, [{"command": "change", "id": id_, "due": None} for id_ in ids[2000:]]),
        ]
        token = _apply_changes(client, copy, token)

        assert token.partition("-")[0] == str(done[-1]["revision"]) == "6"
        assert copy == _tasks(client)
        assert len(copy) == 2000
