"""A session with the client that openapi-python-client makes of the OpenAPI document."""

import sys

from taskharbor_client import Client
from taskharbor_client.api.progress import complete_task
from taskharbor_client.api.tasks import change_task, create_task, list_tasks
from taskharbor_client.models import ChangeTaskBody, CreateTaskBody, Problem, TaskDocument, Zoned

with Client(base_url=sys.argv[1]) as client:
    due = Zoned(local_date_time="2026-12-01T09:00:00", time_zone="Europe/Berlin")
    body = CreateTaskBody(title="Buy milk", due=due, tags=["home"])
    task = create_task.sync(client=client, body=body, idempotency_key='"python"')
    assert isinstance(task, TaskDocument), task
    assert task.due == due

    page = list_tasks.sync(client=client, filter_="is_open", q="milk", limit=10)
    assert isinstance(page, list), page
    assert [each.title for each in page] == ["Buy milk"], page

    stale = change_task.sync(task.id, client=client, body=ChangeTaskBody(priority=1), if_match='"999"')
    assert isinstance(stale, Problem), stale
    assert stale.code == "precondition_failed"

    done = complete_task.sync(task.id, client=client)
    assert isinstance(done, TaskDocument), done
    print(done.progress.value, done.is_completed)
