"""What many would take instead today: Litestar with advanced-alchemy's repository and service, and msgspec schemas.

The plugin opens a session for each request and commits it when a handler has answered well; the article's four fields.
"""

import os
from typing import Annotated

import msgspec
from advanced_alchemy.base import BigIntBase
from advanced_alchemy.extensions.litestar import AsyncSessionConfig, SQLAlchemyAsyncConfig, SQLAlchemyPlugin
from advanced_alchemy.extensions.litestar.providers import create_service_dependencies
from advanced_alchemy.filters import ComparisonFilter, LimitOffset, OrderBy, SearchFilter, StatementFilter
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from litestar import Controller, Litestar, get, patch, post
from litestar.params import Dependency
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class TaskModel(BigIntBase):
    __tablename__ = "tasks"

    title: Mapped[str] = mapped_column(String(255), index=True)
    description: Mapped[str | None] = mapped_column(String(1000))
    is_completed: Mapped[bool] = mapped_column(default=False)


class NewTask(msgspec.Struct):
    title: str
    description: str | None = None


class Task(msgspec.Struct):
    id: int
    title: str
    description: str | None
    is_completed: bool


class TaskService(SQLAlchemyAsyncRepositoryService[TaskModel]):
    class Repository(SQLAlchemyAsyncRepository[TaskModel]):
        model_type = TaskModel

    repository_type = Repository


Tasks = Annotated[TaskService, Dependency(skip_validation=True)]


class TaskController(Controller):
    path = "/tasks"
    dependencies = create_service_dependencies(TaskService, "tasks")

    @post("/")
    async def create_task(self, tasks: Tasks, data: NewTask) -> Task:
        return tasks.to_schema(await tasks.create(msgspec.structs.asdict(data)), schema_type=Task)

    @get("/")
    async def list_tasks(
        self, tasks: Tasks, skip: int = 0, limit: int = 10, completed: bool | None = None, q: str | None = None
    ) -> list[Task]:
        filters: list[StatementFilter] = [OrderBy("id"), LimitOffset(limit=limit, offset=skip)]
        if completed is not None:
            filters.append(ComparisonFilter("is_completed", "eq", completed))
        if q is not None:
            filters.append(SearchFilter("title", q, ignore_case=True))
        return list(tasks.to_schema(await tasks.get_many(*filters), schema_type=Task).items)

    @get("/{task_id:int}")
    async def get_task(self, tasks: Tasks, task_id: int) -> Task:
        return tasks.to_schema(await tasks.get(task_id), schema_type=Task)

    @patch("/{task_id:int}")
    async def change_task(self, tasks: Tasks, task_id: int, completed: bool) -> Task:
        changed = await tasks.update({"is_completed": completed}, item_id=task_id)
        return tasks.to_schema(changed, schema_type=Task)


alchemy = SQLAlchemyAsyncConfig(
    connection_string=os.environ["BENCHMARK_DATABASE_URL"],
    session_config=AsyncSessionConfig(expire_on_commit=False),
    before_send_handler="autocommit",
    create_all=True,
)
app = Litestar(route_handlers=[TaskController], plugins=[SQLAlchemyPlugin(config=alchemy)], openapi_config=None)
