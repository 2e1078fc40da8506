import asyncio

from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def _fill():
    async with open_taskharbor("sqlite:///tasks.db") as harbor:
        for workspace in ("default", "other"):
            task = await harbor.in_workspace(workspace).create_task(title="gone")
            await harbor.in_workspace(workspace).delete_task(task.id)


async def _trash():
    async with open_taskharbor("sqlite:///tasks.db") as harbor:
        return [len((await harbor.in_workspace(name).list_trash()).items) for name in ("default", "other")]


def test_it_purges_every_workspace_and_says_how_much(taskharbor, monkeypatch):
    asyncio.run(_fill())
    kept = taskharbor("purge")
    assert kept.out == "Purged 0 deleted tasks, 0 expired records and the history of 0 commits.\n"
    assert asyncio.run(_trash()) == [1, 1]
    monkeypatch.setenv("TASKHARBOR_TRASH_RETENTION", "0")
    gone = taskharbor("purge")
    assert (gone.exit_code, gone.err) == (0, "")
    assert gone.out == "Purged 2 deleted tasks, 0 expired records and the history of 0 commits.\n"
    assert asyncio.run(_trash()) == [0, 0]


def test_forever_keeps_everything(taskharbor, monkeypatch):
    asyncio.run(_fill())
    monkeypatch.setenv("TASKHARBOR_TRASH_RETENTION", "forever")
    monkeypatch.setenv("TASKHARBOR_HISTORY_RETENTION", "Forever")
    assert taskharbor("purge").out.startswith("Purged 0 deleted tasks")


def test_an_unreachable_database_is_one_sentence(taskharbor):
    refused = taskharbor("purge", "--database-url", "postgresql://user:hunter2@127.0.0.1:1/tasks")
    assert refused.exit_code == 3
    assert "hunter2" not in refused.err
