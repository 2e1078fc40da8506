import subprocess
import sys

import pytest

FOREIGN_IMPORTS = """
import importlib, pkgutil, sys
before = set(sys.modules)
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        importlib.import_module(module.name)
roots = {module.partition(".")[0] for module in set(sys.modules) - before}
# The standard library's own, but named for the platform, so not in the list of its names.
roots = {root for root in roots if not root.startswith("_sysconfigdata_")}
print(*sorted(roots - sys.stdlib_module_names - {"taskharbor"}))
"""


@pytest.mark.parametrize(
    "package",
    ["taskharbor.domain", "taskharbor.application", "taskharbor.adapters.memory", "taskharbor.entrypoints.embedded"],
)
def test_the_core_imports_nothing_outside_the_standard_library(package: str) -> None:
    command = [sys.executable, "-c", FOREIGN_IMPORTS, package]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == []


def test_a_foreign_import_would_be_noticed() -> None:
    command = [sys.executable, "-c", FOREIGN_IMPORTS, "taskharbor.testing"]
    assert "pytest" in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_the_domain_does_not_import_the_application() -> None:
    program = "import pkgutil, sys, taskharbor.domain as d\n"
    program += "for m in pkgutil.walk_packages(d.__path__, 'taskharbor.domain.'): __import__(m.name)\n"
    program += "print(*(m for m in sys.modules if m.startswith('taskharbor.') and 'domain' not in m))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "\n"
