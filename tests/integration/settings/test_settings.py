import json
import os
import pickle

import pytest
from pydantic import SecretStr, ValidationError

from taskharbor.entrypoints.settings.loading import InvalidSettings, settings_from
from taskharbor.entrypoints.settings.settings import Settings

PASSWORD = "hunter2"
URL = f"postgresql://user:{PASSWORD}@host/tasks"


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    """None of the variables of the user who runs the tests; sets those that a test gives."""
    for name in list(os.environ):
        if name.startswith("TASKHARBOR_") or name == "PORT":
            monkeypatch.delenv(name)

    def set_variables(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_variables


def refusal(**options: str) -> str:
    with pytest.raises(InvalidSettings) as refused:
        settings_from(options)
    return str(refused.value)


def test_everything_has_a_default():
    settings = settings_from()
    assert settings.database_url.get_secret_value() == "sqlite:///tasks.db"
    assert (settings.host, settings.port, settings.workers, settings.workspace) == ("127.0.0.1", 8000, 1, "default")


def test_variables_are_read_whatever_their_case_and_options_win(variables):
    variables(TASKHARBOR_PORT="9000", taskharbor_workers="3")
    assert (settings_from().port, settings_from().workers) == (9000, 3)
    assert settings_from({"port": "9001", "workers": None}).port == 9001


def test_an_empty_variable_is_an_absent_one(variables):
    variables(TASKHARBOR_PORT="", TASKHARBOR_WORKSPACE="")
    assert settings_from().port == 8000


def test_port_is_read_unless_the_own_variable_is_there(variables):
    variables(PORT="7000")
    assert settings_from().port == 7000
    variables(TASKHARBOR_PORT="9000")
    assert settings_from().port == 9000


def test_what_a_cluster_says_about_a_service_of_our_name_is_not_a_setting(variables):
    variables(
        TASKHARBOR_PORT="tcp://10.0.0.1:80",
        TASKHARBOR_PORT_80_TCP="tcp://10.0.0.1:80",
        TASKHARBOR_PORT_80_TCP_ADDR="10.0.0.1",
        TASKHARBOR_SERVICE_HOST="10.0.0.1",
        TASKHARBOR_SERVICE_PORT_HTTP="80",
        TASKHARBOR_DB_PORT="tcp://10.0.0.2:5432",
        TASKHARBOR_DB_SERVICE_HOST="10.0.0.2",
    )
    assert settings_from().port == 8000
    variables(PORT="7000")
    assert settings_from().port == 7000


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("TASKHARBOR_PORT", "eighty", "must be a valid integer"),
        ("TASKHARBOR_PORT", "65536", "must be less than or equal to 65535"),
        ("PORT", "eighty", "must be a valid integer"),
        ("TASKHARBOR_WORKERS", "0", "must be greater than or equal to 1"),
        ("TASKHARBOR_LOG_LEVEL", "loud", "must be 'debug', 'info'"),
        ("TASKHARBOR_LOG_FORMAT", "xml", "must be 'auto', 'json' or 'console'"),
        ("TASKHARBOR_MIGRATE", "perhaps", "must be a valid boolean"),
        ("TASKHARBOR_POOL_SIZE", "0", "must be greater than or equal to 1"),
        ("TASKHARBOR_STORE_TIMEOUT", "nan", "must be"),
        ("TASKHARBOR_READY_TIMEOUT", "-1", "must be greater than 0"),
        ("TASKHARBOR_DRAIN_TIMEOUT", "1.5", "must be a valid integer"),
        ("TASKHARBOR_MAX_BODY_BYTES", "1MB", "must be a valid integer"),
        ("TASKHARBOR_ROOT_PATH", "api/", "must be empty, or start with /"),
        ("TASKHARBOR_WORKSPACE", "No Name", "must be 1 to 64 of"),
        ("TASKHARBOR_ALLOWED_HOSTS", "tasks.example.org:443", "must be names or addresses without a port"),
        ("TASKHARBOR_ALLOWED_HOSTS", "*", "must be names or addresses without a port"),
        ("TASKHARBOR_CORS_ORIGINS", "*", "must be origins such as"),
        ("TASKHARBOR_CORS_ORIGINS", "https://app.example.org/", "must be origins such as"),
        ("TASKHARBOR_CORS_ORIGINS", "null", "must be origins such as"),
        ("TASKHARBOR_TRUSTED_PROXIES", "*", "must be addresses or networks"),
        ("TASKHARBOR_TRUSTED_PROXIES", "10.0.0.1/8", "must be addresses or networks"),
        ("TASKHARBOR_RATE_LIMIT", "700", "must be a number per second, minute, hour or day"),
        ("TASKHARBOR_RATE_LIMIT", "0/minute", "must be a number per second, minute, hour or day"),
        ("TASKHARBOR_RATE_LIMIT_PER_ADDRESS", "6/fortnight", "must be a number per second, minute, hour or day"),
        ("TASKHARBOR_FAILED_SIGN_INS", "-1/minute", "must be a number per second, minute, hour or day"),
        ("TASKHARBOR_RATE_LIMIT_STORE", "memcached://host", "must be a URL such as redis://host:6379"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(variables, variable, value, complaint):
    variables(**{variable: value})
    sentence = refusal()
    assert sentence.startswith(f"{variable} {complaint}")
    assert "\n" not in sentence
    assert f" {value}" not in sentence


def test_a_wrong_option_is_named_as_an_option():
    assert refusal(log_level="loud").startswith("--log-level must be ")


def test_every_wrong_value_is_named(variables):
    variables(TASKHARBOR_PORT="x", TASKHARBOR_WORKERS="y")
    assert "TASKHARBOR_PORT" in refusal()
    assert "TASKHARBOR_WORKERS" in refusal()


def test_a_variable_that_is_no_setting_is_refused_with_the_likely_one(variables):
    variables(TASKHARBOR_DATABASE_ULR=URL)
    sentence = refusal()
    assert sentence.startswith("TASKHARBOR_DATABASE_ULR is not a setting (did you mean TASKHARBOR_DATABASE_URL?)")
    assert PASSWORD not in sentence


def test_variables_for_the_tests_are_none_of_its_business(variables):
    variables(TASKHARBOR_TEST_POSTGRES_URL=URL)
    settings_from()


def test_the_memory_store_is_for_one_worker(variables):
    variables(TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_WORKERS="2")
    assert refusal() == "TASKHARBOR_WORKERS must be 1 with memory://, which keeps tasks within one process"


def test_no_server_is_insecure_where_everybody_signs_in(variables):
    variables(TASKHARBOR_AUTH="required", TASKHARBOR_INSECURE_NO_AUTH="true")
    assert refusal() == "TASKHARBOR_INSECURE_NO_AUTH must be false with TASKHARBOR_AUTH=required"


def test_rates_and_lists_are_shown_as_they_are_written(variables):
    variables(TASKHARBOR_RATE_LIMIT="600/Minute", TASKHARBOR_TRUSTED_PROXIES="10.0.0.0/8, ::1")
    assert str(settings_from().rate_limit) == "600/minute"
    assert settings_from().trusted_proxies == ("10.0.0.0/8", "::1/128")
    variables(TASKHARBOR_FAILED_SIGN_INS="off")
    assert settings_from().failed_sign_ins is None


def test_browsers_leave_the_usual_port_out_of_an_origin(variables):
    variables(TASKHARBOR_CORS_ORIGINS="https://App.example.org:443,http://localhost:3000")
    assert settings_from().cors_origins == ("https://app.example.org", "http://localhost:3000")


@pytest.mark.parametrize("given", [None, "auto", "true", "false"])
def test_whether_to_migrate_can_be_left_to_the_store(variables, given):
    if given is not None:
        variables(TASKHARBOR_MIGRATE=given)
    assert settings_from().storage_options().migrate is {"true": True, "false": False}.get(given)


@pytest.mark.parametrize(("workers", "pool_size"), [(1, 10), (4, 10), (8, 5), (20, 2), (64, 2)])
def test_the_workers_share_forty_connections(workers, pool_size):
    assert Settings(workers=workers).storage_options().pool_size == pool_size


def test_a_pool_size_that_is_given_is_taken():
    assert Settings(workers=8, pool_size=30).storage_options().pool_size == 30


def test_no_repr_or_error_shows_the_password():
    settings = Settings(database_url=SecretStr(URL))
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"database_url": [URL], "port": URL})
    assert PASSWORD not in str(refused.value)


def test_settings_reach_another_process_whole():
    settings = Settings(database_url=SecretStr(URL), workers=2)
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


ISSUER = {"issuer": "https://id.example.org", "audience": "tasks"}
SIGN_IN = {"TASKHARBOR_AUTH": "required", "TASKHARBOR_PUBLIC_URL": "https://tasks.example.org"}


@pytest.mark.parametrize(
    ("issuers", "complaint"),
    [
        ("[{", "TASKHARBOR_OIDC_ISSUERS must be a JSON list of objects"),
        ([{"issuer": "https://id.example.org"}], "TASKHARBOR_OIDC_ISSUERS[0].audience "),
        ([ISSUER | {"issuer": "http://id.example.org"}], "TASKHARBOR_OIDC_ISSUERS[0].issuer must be an https URL"),
        ([ISSUER | {"issuer": "https://u:p@id.example.org"}], "TASKHARBOR_OIDC_ISSUERS[0].issuer must be an https URL"),
        ([ISSUER | {"issuer": "https://id.example.org?x"}], "TASKHARBOR_OIDC_ISSUERS[0].issuer must have no query"),
        ([ISSUER | {"algorithms": ["HS256"]}], "TASKHARBOR_OIDC_ISSUERS[0].algorithms[0] must be "),
        ([ISSUER | {"algorithms": ["none"]}], "TASKHARBOR_OIDC_ISSUERS[0].algorithms[0] must be "),
        ([ISSUER | {"algorithms": []}], "TASKHARBOR_OIDC_ISSUERS[0].algorithms"),
        ([ISSUER | {"colour": "red"}], "TASKHARBOR_OIDC_ISSUERS[0].colour is not recognized"),
        ([ISSUER | {"grants": [{"workspace": "No", "role": "viewer"}]}], "TASKHARBOR_OIDC_ISSUERS[0].grants[0].work"),
        ([ISSUER | {"grants": [{"workspace": "a", "role": "boss"}]}], "TASKHARBOR_OIDC_ISSUERS[0].grants[0].role "),
        ([ISSUER, ISSUER], "TASKHARBOR_OIDC_ISSUERS must give each issuer another name"),
        ([ISSUER, ISSUER | {"name": "two", "issuer": "https://b.example", "member_prefix": "b"}],
         "TASKHARBOR_OIDC_ISSUERS must give each issuer a member_prefix"),
    ],
)  # fmt: skip
def test_a_wrong_issuer_is_named_with_its_place(variables, issuers, complaint):
    variables(**SIGN_IN, TASKHARBOR_OIDC_ISSUERS=issuers if isinstance(issuers, str) else json.dumps(issuers))
    assert refusal().startswith(complaint)


def test_issuers_need_callers_who_sign_in_and_an_address_of_our_own(variables):
    issuers = json.dumps([ISSUER])
    variables(TASKHARBOR_OIDC_ISSUERS=issuers)
    assert refusal() == "TASKHARBOR_OIDC_ISSUERS needs TASKHARBOR_AUTH=required"
    variables(TASKHARBOR_AUTH="required")
    assert refusal().startswith("TASKHARBOR_OIDC_ISSUERS needs TASKHARBOR_PUBLIC_URL")
    variables(TASKHARBOR_PUBLIC_URL="https://tasks.example.org")
    assert settings_from().oidc_issuers[0].audience == "tasks"


def test_the_secret_of_a_client_is_shown_nowhere(variables):
    variables(**SIGN_IN, TASKHARBOR_OIDC_ISSUERS=json.dumps([ISSUER | {"client_id": "x", "client_secret": PASSWORD}]))
    settings = settings_from()
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    variables(TASKHARBOR_OIDC_ISSUERS=json.dumps([ISSUER | {"client_secret": [PASSWORD]}]))
    assert PASSWORD not in refusal()


def test_recipients_of_reminders_are_separated_by_commas(variables):
    variables(TASKHARBOR_EMAIL_TO="ada@example.org, bob@example.org")
    assert settings_from().email_to == ("ada@example.org", "bob@example.org")


def test_a_database_may_have_several_servers():
    url = "postgresql://me:s3cret@one:5432,two:5433,[::1]:5434/tasks"
    settings = Settings(database_url=SecretStr(url))
    assert settings.database_url.get_secret_value() == url


def test_each_of_several_servers_has_a_port_that_is_a_number():
    with pytest.raises(ValidationError, match="numeric port"):
        Settings(database_url=SecretStr("postgresql://me:s3cret@one:5432,two:x/tasks"))


@pytest.mark.parametrize(
    "urls", [("sqlite:///tasks.db", "postgresql://a/tasks"), ("postgresql://a/tasks", "memory://")]
)
def test_only_postgres_has_replicas(urls):
    with pytest.raises(ValidationError, match="TASKHARBOR_REPLICA_URL must start with postgresql://"):
        Settings(database_url=SecretStr(urls[0]), replica_url=SecretStr(urls[1]))


HOME = SecretStr("postgresql://me:s3cret@home/tasks")


def test_shards_have_names_and_urls():
    settings = Settings(database_url=HOME, shards=SecretStr("north=postgresql://a/tasks  south=postgresql://b,c/tasks"))
    assert settings.shard_urls() == {"north": "postgresql://a/tasks", "south": "postgresql://b,c/tasks"}
    assert Settings(database_url=HOME, shards="off").shard_urls() == {}


@pytest.mark.parametrize(
    ("url", "shards", "says"),
    [
        (HOME, "north", "must be names of a-z"),
        (HOME, "north=sqlite:///tasks.db", "must be names of a-z"),
        (HOME, "North=postgresql://a/tasks", "must be names of a-z"),
        (HOME, "home=postgresql://a/tasks", "none of them home"),
        (HOME, "north=postgresql://a/tasks north=postgresql://b/tasks", "each once"),
        (HOME, "north=postgresql://me:s3cret@a:x/tasks", "numeric port"),
        (
            SecretStr("sqlite:///tasks.db"),
            "north=postgresql://a/tasks",
            "TASKHARBOR_SHARDS needs a TASKHARBOR_DATABASE_URL",
        ),
    ],
)
def test_shards_that_cannot_be_used_are_refused_without_their_passwords(url, shards, says):
    with pytest.raises(ValidationError, match=says) as refused:
        Settings(database_url=url, shards=SecretStr(shards))
    assert "s3cret" not in str(refused.value)


def test_shards_and_replicas_are_not_combined():
    with pytest.raises(ValidationError, match="cannot be combined"):
        Settings(
            database_url=HOME,
            shards=SecretStr("north=postgresql://a/tasks"),
            replica_url=SecretStr("postgresql://b/tasks"),
        )
