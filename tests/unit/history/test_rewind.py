import json

from hypothesis import given

from taskharbor.application.history.rewind import with_values
from taskharbor.application.unit_of_work.history_entries import changes_between, recorded_state
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.strategies.tasks import tasks


@given(tasks(), tasks())
def test_a_change_is_rewound_by_the_values_before_it(before: Task, after: Task) -> None:
    changes = json.loads(changes_between(before, after))
    rewound = with_values(after, {name: values[0] for name, values in changes.items()})
    assert recorded_state(rewound) == recorded_state(before)


@given(tasks())
def test_what_is_no_field_and_what_is_computed_changes_nothing(task: Task) -> None:
    assert with_values(task, {"is_completed": not task.is_completed, "comment_count": 7, "colour": "red"}) == task
