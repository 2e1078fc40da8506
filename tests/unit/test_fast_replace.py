from dataclasses import FrozenInstanceError, dataclass
from dataclasses import replace as slow_replace

import pytest

from generated_tasks import generated_tasks
from taskharbor.domain.fast_replace import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    one: int
    two: str = "two"


def test_a_copy_has_the_changes_and_is_otherwise_the_same():
    assert replace(Record(one=1), one=2) == Record(one=2)


def test_the_record_itself_stays():
    record = Record(one=1)
    replace(record, one=2, two="zwei")

    assert record == Record(one=1)


def test_a_copy_is_as_frozen_as_the_record():
    copy = replace(Record(one=1), one=2)

    with pytest.raises(FrozenInstanceError):
        copy.one = 3


def test_a_field_that_there_is_not_is_refused():
    with pytest.raises(AttributeError):
        replace(Record(one=1), three=3)


def test_a_task_is_copied_as_the_standard_library_copies_it():
    for task in generated_tasks(50):
        assert replace(task, title="other") == slow_replace(task, title="other")
