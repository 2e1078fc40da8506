from dataclasses import replace

from hypothesis import given

from taskharbor.application.store_kit.search_tokens import index_tokens, same_tokens
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.strategies.tasks import tasks

FOUND_BY = {"title", "description", "tags", "comments", "depends_on", "assignees"}


@given(tasks(), tasks())
def test_what_has_nothing_to_do_with_words_keeps_them(one: Task, other: Task) -> None:
    rest = {name: getattr(other, name) for name in Task.__dataclass_fields__ if name not in FOUND_BY}
    changed = replace(one, **rest)
    assert same_tokens(one, changed)
    assert index_tokens("default", changed) == index_tokens("default", one)


@given(one=tasks(), other=tasks())
def test_what_a_task_is_found_by_does_not_stay_unless_it_is_the_same(one: Task, other: Task) -> None:
    for name in FOUND_BY:
        changed = replace(one, **{name: getattr(other, name)})
        is_same = getattr(one, name) == getattr(other, name)
        assert same_tokens(one, changed) is is_same, name
