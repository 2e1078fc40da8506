"""The task API in a FastAPI app of your own: twice, under two prefixes, on two databases. Needs taskharbor[server].

Serve it with `uvicorn mount_in_fastapi:app`, or run this file: it serves the app for a moment and calls it.
"""

import asyncio
import json
import socket
from urllib.request import Request, urlopen

import uvicorn
from fastapi import FastAPI

from taskharbor.entrypoints.http import taskharbor_router

app = FastAPI(title="The office")
# Each router has a store of its own, which opens and closes with the app; they know nothing of each other.
app.include_router(taskharbor_router("sqlite:///home.db"), prefix="/home")
app.include_router(taskharbor_router("sqlite:///team.db"), prefix="/team")


@app.get("/hello")
async def hello() -> str:
    """Your own routes stay as they are."""
    return "Hello from the office"


def create(url: str, title: str) -> None:
    body = json.dumps({"title": title}).encode()
    with urlopen(Request(f"{url}/tasks/", body, {"Content-Type": "application/json"})) as answer:  # noqa: S310
        print(f"{answer.status}: {answer.headers['Location']}")


def titles(url: str) -> list[str]:
    with urlopen(f"{url}/tasks/") as answer:  # noqa: S310
        return [task["title"] for task in json.load(answer)]


def call(office: str) -> None:
    create(f"{office}/home", "Water the plants")
    create(f"{office}/team", "Plan the party")
    print(f"Tasks at home: {titles(f'{office}/home')}")
    print(f"Tasks of the team: {titles(f'{office}/team')}")


async def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = asyncio.create_task(server.serve([listener]))
        await asyncio.to_thread(call, f"http://127.0.0.1:{listener.getsockname()[1]}")
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
