import json

import pytest

SECRET = "hunter2"

URLS = [
    f"postgresql://user:{SECRET}@127.0.0.1:1/tasks",
    f"postgresql://user:{SECRET}@127.0.0.1:port/tasks",
    f"postgresql://user:{SECRET}@127.0.0.1:99999/tasks",
    f"postgresql://user:{SECRET}@[::1/tasks",
    f"postgresql://user:x/{SECRET}@127.0.0.1:1/tasks",
    f"postgresql://user:x@{SECRET}@127.0.0.1:1/tasks",
    f"postgresql://user:x#{SECRET}@127.0.0.1:1/tasks",
    f"postgresql://user:x?{SECRET}@127.0.0.1:1/tasks",
    f"postgresql://127.0.0.1:1/tasks?user=user&password={SECRET}",
    f"mysql://user:{SECRET}@127.0.0.1/tasks",
    f"user:{SECRET}@127.0.0.1",
]


@pytest.mark.parametrize("url", URLS)
def test_a_command_never_shows_a_password_however_wrong_the_url(taskharbor, monkeypatch, url):
    monkeypatch.setenv("TASKHARBOR_DATABASE_URL", url)
    refused = taskharbor("db", "check")
    assert refused.exit_code in {2, 3}
    assert refused.err.startswith("taskharbor: ")
    assert refused.err.count("\n") == 1
    assert SECRET not in refused.out + refused.err


@pytest.mark.parametrize("url", URLS)
def test_the_list_of_settings_never_shows_a_password(taskharbor, monkeypatch, url):
    monkeypatch.setenv("TASKHARBOR_DATABASE_URL", url)
    shown = taskharbor("settings")
    assert "TASKHARBOR_DATABASE_URL" in shown.out
    assert SECRET not in shown.out + shown.err


def test_the_list_of_settings_names_issuers_and_no_secret_of_theirs(taskharbor, monkeypatch):
    issuer = {"issuer": "https://id.example.org", "audience": "x", "client_id": "c", "client_secret": SECRET}
    monkeypatch.setenv("TASKHARBOR_AUTH", "required")
    monkeypatch.setenv("TASKHARBOR_PUBLIC_URL", "https://tasks.example.org")
    monkeypatch.setenv("TASKHARBOR_OIDC_ISSUERS", json.dumps([issuer]))
    monkeypatch.setenv("TASKHARBOR_RATE_LIMIT_STORE", f"redis://:{SECRET}@localhost:6379")
    shown = taskharbor("settings")
    assert "TASKHARBOR_OIDC_ISSUERS=https://id.example.org\n" in shown.out
    assert "TASKHARBOR_RATE_LIMIT_STORE=redis://:***@localhost:6379\n" in shown.out
    assert SECRET not in shown.out + shown.err
