"""Build the wheel and use it as a stranger would: in fresh environments, outside the repository.

Run by `make wheel`; needs the environment that the Makefile makes.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).resolve().parents[2]
STRANGERS_FILES = Path(__file__).parent / "outside"
SOURCE_ROOTS = ["domain", "application", "adapters", "entrypoints", "tests"]
TOOLS = Path(sys.executable).parent

# Prints the names of the distributions of an environment.
INSTALLED = "from importlib.metadata import distributions as found; print(*[each.name for each in found()])"

# Imports what its arguments name, and prints the installed packages, other than Taskharbor, that this loads.
FOREIGN_IMPORTS = """
import sys
loaded_at_start = set(sys.modules)
for module in sys.argv[1:]:
    __import__(module)
loaded = {name: getattr(sys.modules[name], "__file__", None) or "" for name in set(sys.modules) - loaded_at_start}
roots = {name.partition(".")[0] for name, file in loaded.items() if "site-packages" in file}
print(*sorted(roots - {"taskharbor"}))
"""


def main() -> None:
    with TemporaryDirectory(prefix="taskharbor-wheel-") as folder:
        workplace = Path(folder)
        wheel = build_wheel(workplace / "dist")
        check_contents(wheel)
        # Run in place, they would find the configuration of the repository.
        shutil.copytree(STRANGERS_FILES, workplace / "outside")
        shutil.copy(REPOSITORY / "examples" / "embed_memory.py", workplace / "outside")
        check_without_dependencies(wheel, workplace)
        check_with_everything(wheel, workplace)
    print("wheel: ok")


def build_wheel(dist: Path) -> Path:
    """Build the sdist, and from it the wheel, so that a file missing in either is noticed."""
    step("build the sdist and the wheel")
    run(TOOLS / "uv", "build", "--quiet", "--out-dir", dist, REPOSITORY, cwd=REPOSITORY)
    (wheel,) = dist.glob("*.whl")
    return wheel


def check_contents(wheel: Path) -> None:
    step("compare the contents of the wheel with the sources")
    packed = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        path.relative_to(REPOSITORY / root).as_posix()
        for root in SOURCE_ROOTS
        for path in (REPOSITORY / root / "taskharbor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expect(sources <= packed, f"not in the wheel: {sorted(sources - packed)}")
    surplus = {name for name in packed - sources if ".dist-info/" not in name}
    expect(not surplus, f"in the wheel but not in the sources: {sorted(surplus)}")
    expect("taskharbor/__init__.py" not in packed, "taskharbor/__init__.py breaks the namespace package")
    for layer in ["domain", "application", "adapters", "entrypoints", "testing"]:
        expect(f"taskharbor/{layer}/py.typed" in packed, f"taskharbor/{layer} has no py.typed")
    expect(any("/migrations/versions/" in name for name in packed), "the wheel has no migrations")


def check_without_dependencies(wheel: Path, workplace: Path) -> None:
    step("install the bare wheel in an empty environment")
    python = make_environment(workplace / "bare")
    # Without an index, an install that needs anything but the wheel itself fails.
    run(TOOLS / "uv", "pip", "install", "--quiet", "--python", python, "--no-index", wheel, cwd=workplace)
    installed = run(python, "-I", "-c", INSTALLED, cwd=workplace).split()
    expect(installed == ["taskharbor"], f"the bare wheel brings {installed}")
    expect_no_foreign_imports(python, workplace)

    step("run examples/embed_memory.py on it")
    run(python, "-I", "outside/embed_memory.py", cwd=workplace)


def check_with_everything(wheel: Path, workplace: Path) -> None:
    step("install the wheel with [all]")
    python = make_environment(workplace / "all")
    run(
        TOOLS / "uv", "pip", "install", "--quiet", "--python", python,
        "--constraints", REPOSITORY / "requirements.lock", f"taskharbor[all] @ {wheel.as_uri()}",
        cwd=workplace,
    )  # fmt: skip
    # Here the foreign packages could be imported, and still are not.
    expect_no_foreign_imports(python, workplace)

    step("run its command")
    usage = run(python.with_name("taskharbor"), "--help", cwd=workplace)
    expect("serve" in usage, f"taskharbor --help does not mention serve:\n{usage}")

    step("run the conformance kit on a stranger's store")
    run(python, "-I", "-m", "pytest", "--quiet", "outside/own_store.py", cwd=workplace)

    step("check the types of a stranger's program")
    check_types = [TOOLS / "mypy", "--strict", "--config-file=", "--python-executable", python]
    run(*check_types, "outside/consumer.py", cwd=workplace)
    complaint = run(*check_types, "outside/mistaken_consumer.py", cwd=workplace, exit_code=1)
    expect("[arg-type]" in complaint, f"mypy does not see the types of the wheel:\n{complaint}")


def make_environment(folder: Path) -> Path:
    """Make an environment with nothing in it, not even pip, and return its Python."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    return folder / "bin" / "python"


def expect_no_foreign_imports(python: Path, workplace: Path) -> None:
    core = ["taskharbor.application", "taskharbor.domain", "taskharbor.adapters.memory"]
    foreign = run(python, "-I", "-c", FOREIGN_IMPORTS, *core, cwd=workplace).strip()
    expect(not foreign, f"importing the core also imports {foreign}")


def run(*command: str | Path, cwd: Path, exit_code: int = 0) -> str:
    """Run a command outside the repository's own environment and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    words = " ".join(str(word) for word in command)
    expect(done.returncode == exit_code, f"{words}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def step(what: str) -> None:
    print(f"wheel: {what}", flush=True)


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        sys.exit(f"wheel: {otherwise}")


if __name__ == "__main__":
    main()
