"""A backup is put in the place of the file while several workers serve it, and the file is taken away from them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest


def statuses(client: httpx.Client, method: str, path: str, **content: object) -> set[int]:
    """Ask each worker, most likely: each request on a connection of its own."""
    headers = {"Connection": "close"}
    return {client.request(method, path, headers=headers, **content).status_code for _ in range(12)}


def create(client: httpx.Client, title: str) -> httpx.Response:
    return client.post("/tasks/", json={"title": title}, headers={"Connection": "close"})


@pytest.mark.long
def test_workers_serve_a_backup_that_takes_the_place_of_their_file_and_mix_nothing(start_server, tmp_path: Path):
    server = start_server("--workers", "3", TASKHARBOR_DATABASE_URL="sqlite:///tasks.db")
    file = tmp_path / "tasks.db"
    with server.client() as client:
        for number in range(20):
            create(client, f"kept {number}")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
        for number in range(20):
            create(client, f"lost {number}")
        lost = client.get("/changes?limit=1000").json()["next"]
        (tmp_path / "backup.db").rename(file)
        answers = [create(client, f"new {number}") for number in range(100)]
        made = [answer.json()["title"] for answer in answers if answer.status_code == 201]
        assert {answer.status_code for answer in answers} == {201, 503}
        assert len(made) >= 97, "each worker refuses one write at most"
        titles = [task["title"] for task in client.get("/tasks/?limit=1000").json()]
        assert sorted(titles) == sorted([*(f"kept {number}" for number in range(20)), *made])
        assert client.get("/changes", params={"since": lost}).status_code == 410
        file.rename(tmp_path / "away.db")
        assert statuses(client, "GET", "/tasks/") == statuses(client, "GET", "/health/ready") == {503}
        assert statuses(client, "POST", "/tasks/", json={"title": "lost"}) == {503}
        (tmp_path / "away.db").rename(file)
        assert statuses(client, "GET", "/tasks/") == {200}
        assert statuses(client, "POST", "/tasks/", json={"title": "later"}) == {201}
    assert server.stop() == 0
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (20 + len(made) + 12,)
