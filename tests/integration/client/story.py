"""Everything that a harbor can be asked, once, and what it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.values.calendar_time import AllDay
from taskharbor.entrypoints.embedded import (
    AddComment,
    AlertNotFound,
    ByName,
    ChangeMatching,
    ChangeTask,
    CompleteTask,
    CreateList,
    CreateTask,
    DeleteList,
    DeleteSavedFilter,
    DeleteTask,
    Duration,
    Harbor,
    RestoreTask,
    SaveFilter,
    TaskChanges,
    TaskCriteria,
    UndoCommit,
    WebhookView,
)

UIDS = [f"0190b1f4-1234-7abc-8def-0000000000{number:02}" for number in range(50)]


async def of_tasks(harbor: Harbor) -> list[object]:
    """The calls on tasks, comments and relations."""
    said: list[object] = []
    made = await harbor.create_task(
        title="Repot the \u00e4 \U0001f335 plant",
        description="Line\nbreak",
        priority=3,
        start=AllDay(date(2026, 1, 2)),
        due={"localDateTime": "2026-01-03T09:00:00", "timeZone": "Europe/Berlin"},
        estimated_duration=Duration(minutes=90),
        tags=("home", "Balcony"),
        links=["https://example.org/x"],
        reminders=[{"offset": "-PT1H", "relativeTo": "due"}, {"when": "2026-01-01T08:00:00Z"}],
        recurrence={"rrule": "FREQ=WEEKLY"},
        uid=UIDS[40],
    )
    part = await harbor.create_task(title="Buy soil", parent=made.id)
    said += [made, part, await harbor.get_task(made.id), await harbor.get_task(part.id)]
    said += [await harbor.quick_add("Call Ada 2026-12-24 5pm #phone !2", time_zone="Europe/Berlin", dry_run=True)]
    said += [await harbor.list_tasks(limit=1), await harbor.list_tasks(limit=1, after=made.id)]
    said += [await harbor.change_task(part.id, title="Buy earth", if_match=part.revision, due=None)]
    said += [await harbor.start_task(part.id), await harbor.cancel_task(part.id), await harbor.reopen_task(part.id)]
    said += [await harbor.list_occurrences(made.id, since="2026-01-09", limit=2)]
    said += [await harbor.skip_occurrence(made.id, occurrence=made.recurrence.current, time_zone="Europe/Berlin")]
    said += [await harbor.complete_task(made.id, subtasks="leave", time_zone="Europe/Berlin")]
    comment = await harbor.add_comment(part.id, "*First*", author="ada")
    said += [comment, await harbor.edit_comment(part.id, comment.id, "Second"), await harbor.list_comments(part.id)]
    said += [await harbor.delete_comment(part.id, comment.id)]
    claimed = await harbor.claim_task(part.id, holder="bot", lease=timedelta(minutes=1))
    fence = claimed.claim.fence
    said += [claimed, await harbor.renew_claim(part.id, fence=fence, lease="PT2M")]
    said += [await harbor.start_task(part.id, fence=fence), await harbor.release_claim(part.id, fence=fence)]
    said += [
        await harbor.claim_next_task("title:earth", holder="bot"),
        await harbor.claim_next_task("id = 1 id = 2", holder="bot"),
    ]
    said += [await harbor.release_claim(part.id, force=True)]
    async with harbor.claim(f"id = {part.id}", holder="bot", wait=1) as held:
        said += [held]
    said += [await harbor.reopen_task(part.id), await harbor.list_reminders(limit=1)]
    for call in (harbor.snooze_reminder(part.id, "due-PT15M", "PT1H"), harbor.dismiss_reminder(part.id, "due-PT15M")):
        try:
            said += [await call]
        except AlertNotFound as nothing_has_fired:
            said += [str(nothing_has_fired)]
    other = await harbor.create_task(title="Another", depends_on=[part.id])
    said += [
        await harbor.move_task(other.id, before=made.id),
        await harbor.get_urgency(part.id, time_zone="Asia/Tokyo"),
    ]
    said += [await harbor.delete_task(other.id), await harbor.list_trash(limit=1), await harbor.restore_task(other.id)]
    return [*said, [task async for task in harbor.iter_tasks()]]


async def of_lists_and_searches(harbor: Harbor) -> list[object]:
    """The calls on lists, saved filters and tasks that match."""
    home = await harbor.create_list(name="Home", colour="#00ff00")
    work = await harbor.create_list(name="Work", description=None)
    said: list[object] = [home, work, await harbor.get_list(home.id), await harbor.list_lists(limit=2)]
    said += [await harbor.change_list(home.id, archived=False, name="House", if_match=home.revision)]
    for number in range(3):
        await harbor.create_task(title=f"Task {number}", list=home.id, tags=["x"], due={"date": "2026-01-05"})
    said += [await harbor.find_tasks("is_open", sort="-due,title", limit=2), await harbor.find_tasks(limit=2)]
    found = await harbor.find_tasks(q="task", limit=1, skip=1, with_urgency=True)
    said += [found.items, [task.urgency for task in found.items]]
    said += [[task.urgency for task in (await harbor.find_tasks(sort="urgency")).items]]
    said += [await harbor.count_tasks("tags:x"), await harbor.count_tasks(), await harbor.count_facets("tags:x")]
    said += [await harbor.save_filter("Urgent", filter="is_open", sort="-urgency")]
    said += [await harbor.get_saved_filter("urgent"), await harbor.list_saved_filters()]
    said += [(await harbor.find_tasks(saved="URGENT", limit=2)).items]
    said += [await harbor.change_saved_filter("Urgent", new_name="Pressing", q="task", sort=None)]
    said += [await harbor.change_matching("tags:x", max_affected=9, tags=["y"], priority=1, dry_run=True)]
    said += [await harbor.change_matching(saved="pressing", max_affected=9, title="Same")]
    said += [await harbor.delete_saved_filter("Pressing"), await harbor.delete_list(home.id, move_to=work.id)]
    return said


async def of_the_past(harbor: Harbor) -> list[object]:
    """The calls on history, the feed, batches and files."""
    task = await harbor.create_task(title="one")
    await harbor.change_task(task.id, title="two", tags=["t"])
    await harbor.change_task(task.id, title="three")
    said: list[object] = [await harbor.task_history(task.id), await harbor.task_history(task.id, limit=2)]
    said += [
        await harbor.get_task(task.id, as_of=1),
        await harbor.list_tasks_as_of(datetime(2026, 1, 1, 12, tzinfo=UTC)),
    ]
    said += [await harbor.find_tasks_as_of(1, "title:one"), await harbor.undo_commit(3)]
    said += [await harbor.list_changes(), await harbor.list_changes("1", limit=1)]
    said += [await anext(harbor.follow_changes("1"))]
    said += [[change async for change in harbor.iter_changes(page_size=1)]]
    commands = [
        CreateTask(title="a", uid=UIDS[41]),
        ByName(command=CreateTask(title="b"), parent=UIDS[41], depends_on=[task.id]),
        ByName(command=CompleteTask(id=0, subtasks="complete", dependencies="ignore"), uid=UIDS[41]),
        ChangeTask(id=task.id, due={"date": "2026-02-01"}),
        AddComment(id=task.id, text="hello"),
        CreateList(name="Errands"),
        ByName(command=CreateTask(title="c"), list="errands"),
        SaveFilter(name="f", filter="is_open"),
        ChangeMatching(question=TaskCriteria(q="c"), changes=TaskChanges(priority=2), max_affected=5),
        UndoCommit(revision=2),
    ]
    said += [await harbor.run_batch(commands, dry_run=True), await harbor.run_batch(commands, idempotency_key='a "b"')]
    errands = (await harbor.list_lists()).items[-1]
    await harbor.change_list(errands.id, archived=True)
    gone = [DeleteTask(id=task.id), DeleteSavedFilter(name="f"), DeleteList(id=errands.id, delete_tasks=True)]
    left = await harbor.run_batch([*gone, DeleteTask(id=999), RestoreTask(id=task.id)], atomic=False)
    said += [repr(result) if isinstance(result, TaskharborError) else result for result in left.results]
    # The key of an import takes a commit of its own, and a client always sends one.
    report = await harbor.import_tasks(
        b"(A) Call Ada +work\nx 2026-01-01 Done\n", format="todotxt", idempotency_key="import"
    )
    said += [report.created, report.refused, report.remarks]
    export = harbor.export_tasks(format="todotxt")
    said += [b"".join([piece async for piece in export]), export.count, export.losses]
    said += [await harbor.undo_actor("nobody", since=0, dry_run=True)]
    return [*said, await harbor.undo_import(report.id, idempotency_key="undo")]


async def of_webhooks(harbor: Harbor) -> list[object]:
    """The calls on webhooks, but for what is random in the answers, and for tokens, which stay on a server."""

    def shown(view: WebhookView) -> list[object]:
        webhook = replace(view.webhook, id="", secrets=())
        return [webhook, view.delivery.revision, view.delivery.attempts, view.delivery.failures]

    url = "http://127.0.0.1:9/hook"
    made = await harbor.create_webhook(url, filter="is_open", events=["task.created"], time_zone="Europe/Berlin")
    name = made.webhook.id
    said: list[object] = [*shown(made), len(made.webhook.secrets)]
    said += shown(await harbor.change_webhook(name, active=False, filter=None))
    said += shown(await harbor.renew_webhook_secret(name))
    await harbor.create_task(title="one")
    said += shown(await harbor.replay_webhook(name, since="*"))
    attempt = await harbor.test_webhook(name)
    said += [replace(attempt, seconds=0), *shown(await harbor.get_webhook(name))]
    page = await harbor.list_webhooks(limit=1)
    said += [page.next_after, *map(shown, page.items)]
    await harbor.delete_webhook(name)
    return [*said, await harbor.list_webhooks()]


STORIES: list[Callable[[Harbor], Awaitable[list[object]]]] = [
    of_tasks,
    of_lists_and_searches,
    of_the_past,
    of_webhooks,
]


async def refusals(harbor: Harbor) -> list[TaskharborError]:
    """What a harbor raises, for each error that a caller can provoke."""
    top = await harbor.create_task(title="top", uid=UIDS[42])
    part = await harbor.create_task(
        title="part", parent=top.id, recurrence={"rrule": "FREQ=DAILY"}, due={"date": "2026-01-01"}
    )
    late = await harbor.create_task(title="late", depends_on=[top.id])
    held, closed = await harbor.create_task(title="held"), await harbor.create_task(title="closed", is_completed=True)
    await harbor.claim_task(held.id, holder="bot")
    home = await harbor.create_list(name="Home")
    await harbor.save_filter("mine", q="top")
    await harbor.save_filter("yours", q="part")
    calls: list[Awaitable[object]] = [
        harbor.get_task(99),
        harbor.get_list(99),
        harbor.get_saved_filter("none"),
        harbor.get_webhook("5f0c9e8d7b6a4321"),
        harbor.delete_webhook("5f0c9e8d7b6a4321"),
        harbor.create_webhook("http://10.0.0.1/"),
        harbor.edit_comment(top.id, 7, "x"),
        harbor.undo_commit(99),
        harbor.undo_import(UIDS[49]),
        harbor.create_task(title=""),
        harbor.create_task(title="x", due="tomorrow"),
        harbor.create_task(title="x", parent=99),
        harbor.create_task(title="other", uid=UIDS[42]),
        harbor.find_tasks("due < < 3"),
        harbor.find_tasks(sort="colour"),
        harbor.list_tasks(limit=0),
        harbor.complete_task(top.id),
        harbor.complete_task(top.id, subtasks="complete"),
        harbor.complete_task(late.id),
        harbor.delete_task(top.id),
        harbor.skip_occurrence(late.id),
        harbor.complete_task(part.id, occurrence="2026-03-01"),
        harbor.start_task(top.id, if_match=99),
        harbor.change_list(home.id, name="x", if_match=99),
        harbor.change_saved_filter("mine", q="x", if_match=99),
        harbor.delete_list(1, delete_tasks=True),
        harbor.start_task(held.id),
        harbor.claim_task(held.id, holder="another bot"),
        harbor.renew_claim(held.id, fence=1),
        harbor.run_batch([CompleteTask(id=held.id, fence=1)]),
        harbor.claim_task(closed.id, holder="bot"),
        harbor.dismiss_reminder(held.id, "due-PT15M"),
        harbor.snooze_reminder(held.id, "due-PT15M", "PT1H"),
        harbor.list_reminders(limit=0),
        harbor.claim_next_task(holder="bot", lease="PT0S"),
        harbor.save_filter("Mine", q="x"),
        harbor.change_saved_filter("mine", new_name="yours"),
        harbor.change_matching("is_open", max_affected=1, priority=1),
        harbor.change_matching("is_open", max_affected=9, is_completed=True),
        harbor.run_batch([CreateTask(title="x"), DeleteTask(id=99)]),
        harbor.run_batch([CreateTask(title="x"), CompleteTask(id=late.id)]),
        harbor.run_batch([CreateTask(title="")]),
        harbor.run_batch([]),
        harbor.get_task(1, as_of=99),
        harbor.list_changes("99"),
        harbor.start_task(top.id, idempotency_key=""),
        harbor.import_tasks(b'{"uid": "x"}\n', format="jsonl", atomic=True),
    ]
    raised: list[TaskharborError] = []
    for call in calls:
        try:
            await call
        except TaskharborError as error:
            raised.append(error)
        else:
            raise AssertionError(f"call {len(raised)} was not refused")
    return raised
