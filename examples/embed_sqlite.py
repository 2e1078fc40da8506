"""Taskharbor inside your program, on a SQLite file. Needs taskharbor[sqlite].

Run it twice: the second run finds the tasks of the first. The file is made, and its schema kept up to date, on opening.
"""

import asyncio
import sys

from taskharbor.entrypoints.embedded import open_taskharbor

# A uid of your own makes a create safe to repeat: the second one returns the existing task.
DAILY_REPORT = "0190b1f4-1234-7abc-8def-0123456789ab"


async def main(path: str) -> None:
    async with open_taskharbor(f"sqlite:///{path}") as harbor:
        await harbor.create_task(title="Write the daily report", uid=DAILY_REPORT)

        # Concurrent calls are committed together.
        await asyncio.gather(*(harbor.create_task(title=f"Read paper {number}") for number in range(1, 4)))

        async for task in harbor.iter_tasks():
            print(f"{task.id}. {task.title}, since {task.created:%Y-%m-%d}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "example.db"))
