"""The FastAPI + SQLAlchemy service as most teams write it.

An ORM session per request, commit, refresh, and ORM objects through `response_model`; the engine as
`create_async_engine` makes it. It stays one file in one style, so that it is plain what is being compared.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["BENCHMARK_DATABASE_URL"])
new_session = async_sessionmaker(bind=engine, class_=AsyncSession, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Task(Base):
    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True, index=True)
    title: Mapped[str] = mapped_column(String(255), index=True)
    description: Mapped[str | None] = mapped_column(String(1000))
    is_completed: Mapped[bool] = mapped_column(default=False)


class TaskCreate(BaseModel):
    title: str
    description: str | None = None


class TaskResponse(TaskCreate):
    model_config = ConfigDict(from_attributes=True)

    id: int
    is_completed: bool


async def session_of_request() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(session_of_request)]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/tasks/", response_model=TaskResponse)
async def create_task(task: TaskCreate, session: Session) -> Task:
    created = Task(**task.model_dump())
    session.add(created)
    await session.commit()
    await session.refresh(created)
    return created


@app.get("/tasks/", response_model=list[TaskResponse])
async def list_tasks(
    session: Session, skip: int = 0, limit: int = 10, completed: bool | None = None, q: str | None = None
) -> Sequence[Task]:
    query = select(Task)
    if completed is not None:
        query = query.where(Task.is_completed == completed)
    if q is not None:
        query = query.where(Task.title.icontains(q))
    result = await session.execute(query.offset(skip).limit(limit))
    return result.scalars().all()


@app.get("/tasks/{task_id}", response_model=TaskResponse)
async def get_task(task_id: int, session: Session) -> Task:
    return await existing_task(task_id, session)


@app.patch("/tasks/{task_id}", response_model=TaskResponse)
async def change_task(task_id: int, completed: bool, session: Session) -> Task:
    task = await existing_task(task_id, session)
    task.is_completed = completed
    await session.commit()
    await session.refresh(task)
    return task


async def existing_task(task_id: int, session: AsyncSession) -> Task:
    result = await session.execute(select(Task).where(Task.id == task_id))
    task = result.scalar_one_or_none()
    if task is None:
        raise HTTPException(status_code=404, detail="Task not found")
    return task
