"""A storage on etcd: several servers that agree, and go on without one of three. It needs httpx (extra `client`).

A commit compares one key, the head of the workspace. Start etcd so that a large commit is one transaction:

    etcd --max-txn-ops 20000 --max-request-bytes 33554432
"""

import asyncio
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from taskharbor.application.ports import (
    BufferedTransaction,
    KeyValueStorage,
    KeyValueStore,
    StoreUnavailable,
    TransactionConflict,
)
from taskharbor.entrypoints.embedded import open_taskharbor


class EtcdTransaction(BufferedTransaction):
    """Reads as of the revision of its first read; etcd keeps the earlier values of a key."""

    def __init__(self, store: "EtcdKeyValueStore") -> None:
        super().__init__()
        self._store = store
        self._revision = 0

    async def read(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        asked = [{"request_range": {"key": text_of(key), "revision": self._revision}} for key in keys]
        answer = await self._store.ask("txn", {"success": asked}) if asked else {"responses": []}
        self._keep_revision(answer)
        found = [pair for each in answer["responses"] for pair in each["response_range"].get("kvs", ())]
        return dict(map(pair_of, found))

    async def range(
        self, start: bytes, end: bytes, *, limit: int | None = None, reverse: bool = False
    ) -> Sequence[tuple[bytes, bytes]]:
        if start >= end:
            return []
        asked = {"key": text_of(start), "range_end": text_of(end), "limit": limit or 0, "revision": self._revision}
        order = {"sort_order": "DESCEND" if reverse else "ASCEND", "sort_target": "KEY"}
        answer = await self._store.ask("range", asked | order)
        self._keep_revision(answer)
        return [pair_of(pair) for pair in answer.get("kvs", ())]

    async def commit(self) -> None:
        compare = [
            {"key": text_of(key), "target": "CREATE", "create_revision": 0}
            if value is None
            else {"key": text_of(key), "target": "VALUE", "value": text_of(value)}
            for key, value in self.compared().items()
        ]
        writes = [
            {"request_delete_range": {"key": text_of(key)}}
            if value is None
            else {"request_put": {"key": text_of(key), "value": text_of(value)}}
            for key, value in self.writes.items()
        ]
        # Sent to its end, whoever is cancelled meanwhile, and never twice: the second one would refuse the first.
        sent = asyncio.create_task(self._store.ask("txn", {"compare": compare, "success": writes}, again=False))
        if not (await asyncio.shield(sent)).get("succeeded"):
            raise TransactionConflict

    def _keep_revision(self, answer: Mapping[str, Any]) -> None:
        self._revision = self._revision or int(answer.get("header", {}).get("revision", 0))


class EtcdKeyValueStore(KeyValueStore):
    """Asks one of the servers by the JSON of their gRPC gateway, and the next one if that cannot be reached."""

    def __init__(self, *urls: str, timeout: float = 5.0) -> None:
        self._urls = list(urls)
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None

    async def open(self) -> None:
        self._client = httpx.AsyncClient(timeout=self._timeout, trust_env=False)
        try:
            await self.ask("range", {"key": text_of(b"A")})
        except StoreUnavailable:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[EtcdTransaction]:
        transaction = EtcdTransaction(self)
        yield transaction
        if transaction.writes:
            await transaction.commit()

    async def ask(self, what: str, body: object, *, again: bool = True) -> dict[str, Any]:
        failure = "it is closed"
        for _ in range(2 * len(self._urls)):
            client = self._client
            if client is None:
                break
            try:
                content = await asyncio.to_thread(json.dumps, body)
                answer = await client.post(f"{self._urls[0]}/v3/kv/{what}", content=content)
            except (httpx.HTTPError, RuntimeError) as error:  # the latter if it was closed meanwhile
                failure = str(error) or type(error).__name__
                self._urls.append(self._urls.pop(0))
                if not again and not isinstance(error, httpx.ConnectError):
                    break  # it may have been carried out
                continue
            if answer.is_success:
                found: dict[str, Any] = await asyncio.to_thread(answer.json)
                return found
            failure = answer.text
            if not again:
                break
            self._urls.append(self._urls.pop(0))
        raise StoreUnavailable(f"etcd: {failure}")


def text_of(key: bytes) -> str:
    return b64encode(key).decode()


def pair_of(pair: Mapping[str, str]) -> tuple[bytes, bytes]:
    return b64decode(pair["key"]), b64decode(pair.get("value", ""))


async def main(*urls: str) -> None:
    async with open_taskharbor(storage=KeyValueStorage(EtcdKeyValueStore(*urls))) as harbor:
        task = await harbor.create_task(title="Try etcd")
        await harbor.complete_task(task.id)
        async for task in harbor.iter_tasks():
            print(f"{task.id}. {task.title}: {task.progress}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:] or ["http://127.0.0.1:2379"]))
