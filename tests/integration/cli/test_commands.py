import subprocess
import sys
from importlib.metadata import version


def test_the_version_is_that_of_the_package(taskharbor):
    assert taskharbor("--version").out == f"taskharbor {version('taskharbor')}\n"


def test_help_names_every_command(taskharbor):
    shown = taskharbor("--help").out
    assert all(command in shown for command in ("serve", "settings", "db"))


def test_help_loads_neither_framework_nor_database():
    code = (
        "import sys; sys.argv = ['taskharbor', '--help']\n"
        "from taskharbor.entrypoints.cli import main\n"
        "try: main()\n"
        "except SystemExit: print({'fastapi', 'pydantic', 'sqlalchemy', 'structlog', 'uvicorn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_command_on_the_store_loads_no_framework_that_its_container_only_looks_for():
    code = (
        "import sys; sys.argv = ['taskharbor', 'purge', '--database-url', 'memory://']\n"
        "from taskharbor.entrypoints.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, {'fastapi', 'starlette', 'werkzeug', 'yaml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 set()"


def test_an_option_that_is_wrong_is_named_as_it_was_given(taskharbor):
    refused = taskharbor("serve", "--port", "65536")
    assert refused.exit_code == 2
    assert refused.err.startswith("taskharbor: --port must be ")


def test_memory_is_not_shared_by_several_workers(taskharbor):
    refused = taskharbor("serve", "--database-url", "memory://", "--workers", "2")
    assert refused.exit_code == 2
    assert "TASKHARBOR_WORKERS must be 1 with memory://" in refused.err


def test_a_host_that_is_not_of_this_machine_is_one_sentence(taskharbor):
    refused = taskharbor("serve", "--database-url", "memory://", "--host", "192.0.2.1", "--insecure-no-auth")
    assert refused.exit_code == 1
    assert refused.err.startswith("taskharbor: cannot listen on 192.0.2.1 port 8000: ")


def test_an_unknown_kind_of_store_is_named_by_its_option(taskharbor):
    refused = taskharbor("serve", "--database-url", "mysql://host/tasks")
    assert refused.exit_code == 2
    assert refused.err.startswith("taskharbor: --database-url must start with ")


def test_a_server_that_has_just_started_has_loaded_nothing_that_it_may_never_need(tmp_path):
    """What reads options, filters and forms, and what its libraries only look for."""
    code = (
        "import os, signal, sys\n"
        "from taskharbor.entrypoints.cli import main, serving\n"
        "serving.announce = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"sys.argv = ['taskharbor', 'serve', '--port=0', '--database-url', 'sqlite:///{tmp_path}/tasks.db']\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, *(name for name, module in sys.modules.items() if module))"
    )
    exit_code, *loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert exit_code == "0"
    assert {"fastapi", "sqlalchemy", "structlog", "uvicorn"} <= {*loaded}
    unused = {"typer", "difflib", "lark", "python_multipart", "encodings.idna", "httpx"}
    unused |= {"sqlalchemy.dialects.postgresql", "taskharbor.entrypoints.http.batch.bodies"}
    assert not unused & {*loaded}
    assert not {"rich", "werkzeug", "yaml", "pydantic.v1", "regex", "sqlite3"} & {*loaded}
