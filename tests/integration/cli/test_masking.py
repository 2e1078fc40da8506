import pytest

from taskharbor.entrypoints.settings.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://user:secret@host/tasks", "postgresql://user:***@host/tasks"),
        ("postgresql://:secret@host/tasks", "postgresql://:***@host/tasks"),
        ("postgresql://user:se@cr/et@host/tasks", "postgresql://user:***@host/tasks"),
        ("postgresql://user:s#e?c:ret@[::1]:5432/tasks", "postgresql://user:***@[::1]:5432/tasks"),
        ("postgresql://host/tasks?user=u&password=secret&ssl=on", "postgresql://host/tasks?user=u&password=***&ssl=on"),
        ("cannot reach 'redis://:secret@host', will retry", "cannot reach 'redis://:***@host', will retry"),
        ('{"a":"x://u:secret@h","b":"y://u:secret@h"}', '{"a":"x://u:***@h","b":"y://u:***@h"}'),
    ],
)
def test_the_password_of_a_url_is_masked_wherever_it_stands(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sqlite:///tasks.db",
        "memory://",
        "http://127.0.0.1:8000/tasks/",
        "postgresql://user@host:5432/tasks",
        "write to somebody@example.org at 12:30",
        '{"url":"http://host:80/","mail":"somebody@example.org"}',
    ],
)
def test_what_holds_no_password_stays_as_it_is(text):
    assert masked(text) == text
