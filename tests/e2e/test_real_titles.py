"""3,000 titles that people wrote go in over HTTP, and come out as they were."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

TITLES = Path(__file__).parents[1].joinpath("data", "real_titles.txt").read_text(encoding="utf-8").split("\n")[:-1]
CLIENTS = 4


@pytest.mark.parametrize(
    "running_server",  # in batches, which is quicker, `test_syncing` sends them to PostgreSQL each time
    [pytest.param("memory", marks=pytest.mark.long), "sqlite", pytest.param("postgres", marks=pytest.mark.long)],
    indirect=True,
)
def test_every_real_title_comes_back_unchanged_through_the_pages(running_server):
    assert len(TITLES) == 3000

    def post(titles: list[str]) -> dict[int, str]:
        created = {}
        connection = http.client.HTTPConnection("127.0.0.1", running_server.port, timeout=30)
        for title in titles:
            body = json.dumps({"title": title})
            connection.request("POST", "/tasks/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            task = json.loads(answer.read())
            assert answer.status == 201, task
            created[task["id"]] = title
        connection.close()
        return created

    with ThreadPoolExecutor(CLIENTS) as clients:
        shares = clients.map(post, [TITLES[first::CLIENTS] for first in range(CLIENTS)])
        created = {id_: title for share in shares for id_, title in share.items()}

    with running_server.client() as client:
        listed: list[tuple[int, str]] = []
        answer = client.get("/tasks/", params={"limit": 400})
        while True:
            listed += [(task["id"], task["title"]) for task in answer.json()]
            if "next" not in answer.links:
                break
            answer = client.get(answer.url.join(answer.links["next"]["url"]))

    assert listed == sorted(created.items())
    assert sorted(title for _, title in listed) == sorted(TITLES)
