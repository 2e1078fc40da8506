"""One index of words serves all workspaces, and is asked only for what is of one."""

from collections.abc import Sequence
from dataclasses import replace
from unicodedata import category

import asyncpg
from hypothesis import given
from hypothesis import strategies as st

from bulk_load import load
from generated_tasks import generated_tasks
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import SEARCH_DIALECT as POSTGRES
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT as SQLITE
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import indexed
from taskharbor.adapters.sqlalchemy.sqlite.tables import FULL_TEXT_INDEX
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit.search_tokens import SCOPE_LENGTH, tag_token, word_token
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, Has, Mentions, Not
from taskharbor.domain.search.order import BY_ID
from taskharbor.domain.search.words import MAX_TEXT_BYTES, WORD_OVERHEAD, words_of, words_of_task
from taskharbor.domain.tasks.comment import Comment
from taskharbor.domain.tasks.tags import tag_key

WORD = ("docker",)
SIZE = 300
TASK = next(generated_tasks(1))

_TAGS = st.one_of(st.text(min_size=1, max_size=64), st.sampled_from(["a b", "a-b", "a", "b", '"', "ab"]))
_TAGS = _TAGS.filter(lambda tag: not any(category(letter) == "Cs" for letter in tag))


def _sharing_a_scope() -> tuple[str, str]:
    """Return two workspaces whose tokens begin alike: among 20,000 there are hundreds."""
    seen: dict[str, str] = {}
    for number in range(20_000):
        name = f"tenant-{number}"
        scope = word_token(name, "")[:SCOPE_LENGTH]
        if scope in seen:
            return seen[scope], name
        seen[scope] = name
    raise AssertionError


async def _ids(storage: Storage, workspace: str, filter: Filter) -> list[int]:
    found = await storage.find_tasks(workspace, TaskQuery(filter=filter, order=BY_ID, limit=1000))
    return [task.id for task in found]


async def _fill(storage: Storage, workspaces: Sequence[str]) -> None:
    for seed, workspace in enumerate(workspaces):
        await load(storage, generated_tasks(SIZE, seed=seed), workspace=workspace)


async def test_the_index_of_sqlite_finds_nothing_of_another_workspace(sqlite, sqlite_path):
    await _fill(sqlite, ("home", "work"))
    found = await _ids(sqlite, "work", Mentions(WORD))
    query = SQLITE.query((), [word_token("work", word) for word in WORD])
    connection = sqlite3.connect(sqlite_path)
    rows = connection.execute("SELECT count(*) FROM task_words WHERE task_words MATCH ?", (query,)).fetchone()
    connection.close()

    assert rows == (len(found),)
    assert found
    assert await _ids(sqlite, "home", Mentions(WORD))


async def test_the_index_of_postgresql_finds_nothing_of_another_workspace(postgres, postgres_url):
    await _fill(postgres, ("home", "work"))
    found = await _ids(postgres, "work", Mentions(WORD))
    query = POSTGRES.query((), [word_token("work", word) for word in WORD])
    connection = await asyncpg.connect(postgres_url)
    rows = await connection.fetchval("SELECT count(*) FROM tasks WHERE words @@ $1::text::tsquery", query)
    await connection.close()

    assert rows == len(found) > 0
    assert await _ids(postgres, "home", Mentions(WORD))


async def _sees_only_its_own(storage: Storage) -> None:
    one, other = _sharing_a_scope()
    await _fill(storage, (one, other))
    for workspace in (one, other):
        for wanted in (Mentions(WORD), Mentions(("do",)), Has(Field.TAGS, "home")):
            found = await _ids(storage, workspace, wanted)
            assert found
            assert sorted([*found, *await _ids(storage, workspace, Not(wanted))]) == list(range(1, SIZE + 1))
    assert await _ids(storage, one, Mentions(WORD)) != await _ids(storage, other, Mentions(WORD))


async def test_workspaces_whose_tokens_begin_alike_see_only_their_own_on_sqlite(sqlite):
    await _sees_only_its_own(sqlite)


async def test_workspaces_whose_tokens_begin_alike_see_only_their_own_on_postgresql(postgres):
    await _sees_only_its_own(postgres)


async def test_postgresql_holds_as_many_words_as_a_task_can_have(postgres):
    han = "".join(map(chr, [*range(0x4E00, 0x9FA6), *range(0x20000, 0x2A6D7)]))
    cuneiform = " ".join(chr(0x12000 + number // 300) + chr(0x12000 + number % 300) for number in range(30_000))
    comments = tuple(
        Comment(
            id=number,
            text=cuneiform[10_000 * number : 10_000 * (number + 1)],
            author=None,
            created=TASK.created,
            updated=TASK.created,
        )
        for number in range(9)
    )
    task = replace(TASK, description=han, comments=comments)
    words = words_of_task(task)
    await load(postgres, [task])

    assert sum(len(word.encode()) + WORD_OVERHEAD for word in words) > MAX_TEXT_BYTES - 100
    assert await _ids(postgres, "default", Mentions((words[-1],))) == [task.id]


@given(st.text(), _TAGS, _TAGS)
def test_the_tokenizer_of_sqlite_takes_each_token_for_one(text, tag, another):
    tokens = {tag_token("a", tag_key(tag)), *(word_token("a", word) for word in words_of(text))}
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE tasks (row INTEGER PRIMARY KEY, words TEXT)")
    connection.execute(FULL_TEXT_INDEX[0])
    connection.execute("INSERT INTO task_words (rowid, words) VALUES (?, ?)", (1, " ".join(map(indexed, tokens))))

    def finds(tokens: Sequence[str], beginnings: Sequence[str]) -> bool:
        asked = "SELECT count(*) FROM task_words WHERE task_words MATCH ?"
        return connection.execute(asked, (SQLITE.query(tokens, beginnings),)).fetchone() == (1,)

    assert finds(sorted(tokens), sorted(tokens))
    assert finds((), [word_token("a", word[:2]) for word in words_of(text)] or sorted(tokens))
    assert finds([tag_token("a", tag_key(another))], ()) is (tag_key(another) == tag_key(tag))
    for word in words_of(text):
        assert not finds([word_token("a", f"{word}x")], ()) or f"{word}x" in words_of(text)
    connection.close()
