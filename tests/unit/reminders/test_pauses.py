"""How long is waited between two attempts to tell of a reminder."""

from datetime import timedelta

import pytest

from taskharbor.application.reminders.deliver import pause_after


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (10_000, 3600)])
def test_pauses_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert pause_after(attempts) == timedelta(seconds=seconds)
