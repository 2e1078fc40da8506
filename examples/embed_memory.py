"""Taskharbor inside your program, with nothing installed but the bare wheel: tasks live as long as the process."""

import asyncio

from taskharbor.entrypoints.embedded import PreconditionFailed, open_taskharbor


async def main() -> None:
    async with open_taskharbor("memory://") as harbor:
        water = await harbor.create_task(title="Water the plants")
        await harbor.create_task(title="Call the bank", description="About the *new* card")

        # The revision that you last saw protects you from overwriting changes by others.
        started = await harbor.start_task(water.id, if_match=water.revision)
        try:
            await harbor.change_task(water.id, title="Water the cactus", if_match=water.revision)
        except PreconditionFailed as refusal:
            print(f"Refused: {refusal}")
        await harbor.complete_task(water.id, if_match=started.revision)

        async for task in harbor.iter_tasks():
            print(f"{task.id}. {task.title}: {task.progress}")

        # Another workspace is another tenant: it sees nothing of this one.
        team = harbor.in_workspace("team")
        print(f"Tasks of the team: {len((await team.list_tasks()).items)}")


if __name__ == "__main__":
    asyncio.run(main())
