"""What users import is listed by a handful of modules, and the lists are whole."""

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import get_args, get_type_hints

import pytest

from taskharbor.application import ports
from taskharbor.application.ports import Clock, Storage, Uids
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints import embedded, http
from taskharbor.entrypoints.embedded import Access, Harbor


def public_functions(cls: type) -> Iterator[FunctionType]:
    for name, function in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_") and function.__module__.startswith("taskharbor."):
            yield function


def names_in_signature(function: FunctionType) -> set[str]:
    """Return the names of ours in the annotations, as they are written there: those of aliases too."""
    [node] = ast.parse(inspect.cleandoc(f"\n{inspect.getsource(function)}")).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    annotations = [each.annotation for each in every if each and each.annotation] + (
        [node.returns] * bool(node.returns)
    )
    names = {part.id for each in annotations for part in ast.walk(each) if isinstance(part, ast.Name)}
    return {name for name in names if is_ours(function.__globals__.get(name), name, function)}


def is_ours(value: object, name: str, function: FunctionType) -> bool:
    """Tell whether a name in a signature is defined by Taskharbor, a class or an alias."""
    if isinstance(value, type):
        return value.__module__.startswith("taskharbor.")
    module = sys.modules[function.__module__]
    imported = re.search(
        rf"^from (\S+) import .*\b{name}\b|^{name}: TypeAlias", inspect.getsource(module), re.MULTILINE
    )
    return imported is not None and not (imported[1] or "taskharbor").startswith(("typing", "collections"))


def classes_reached(annotation: object, seen: set[type]) -> None:
    """Collect the classes of ours that can be got from a value, through the fields of dataclasses."""
    for part in (*get_args(annotation), annotation):
        if part is not annotation:
            classes_reached(part, seen)
        elif isinstance(part, type) and part.__module__.startswith("taskharbor.") and part not in seen:
            seen.add(part)
            if dataclasses.is_dataclass(part):
                for name, hint in get_type_hints(part).items():
                    if not name.startswith("_"):
                        classes_reached(hint, seen)


def missing(door: ModuleType, *classes: type) -> set[str]:
    """Return what the public methods of the classes take or return that the door does not list."""
    written: set[str] = set()
    reached: set[type] = set()
    for cls in classes:
        for function in public_functions(cls):
            written |= names_in_signature(function)
            for hint in get_type_hints(function).values():
                classes_reached(hint, reached)
    return (written | {cls.__name__ for cls in reached}) - set(door.__all__)


def raised_by(cls: type) -> set[str]:
    """Return the errors that the docstrings name."""
    texts = [inspect.getdoc(each) or "" for each in (*cls.__mro__, *public_functions(cls))]
    sections = [text.partition("Raises:\n")[2] for text in texts]
    return {
        name
        for text in sections
        for line in re.findall(r"^ +([\w, ]+):", text, re.MULTILINE)
        for name in line.split(", ")
    }


def every_error(of: type[Exception] = TaskharborError) -> Iterator[type[Exception]]:
    for error in of.__subclasses__():
        yield error
        yield from every_error(error)


def test_whatever_a_harbor_takes_or_returns_can_be_imported_from_the_embedded_door():
    assert missing(embedded, Harbor, Access) == set()


def test_whatever_a_store_takes_or_returns_can_be_imported_from_the_door_of_the_ports():
    assert missing(ports, Storage, Clock, Uids) == set()


def test_a_name_that_is_not_listed_is_missed():
    assert {"ByName", "Command", "FilterInput", "TaskView"} <= missing(http, Harbor)


def test_whatever_a_harbor_raises_can_be_imported_from_the_embedded_door():
    named = raised_by(Harbor)
    assert {"TokenExpired", "OpenSubtasks", "MatchRefused"} <= named
    assert named - {"ImportError", "TimeoutError"} <= set(embedded.__all__)
    errors = {
        error.__name__
        for error in every_error()
        if error.__module__.startswith(("taskharbor.domain", "taskharbor.application"))
    }
    assert "FilterPreconditionFailed" in errors
    assert errors <= set(embedded.__all__)


def test_whatever_a_store_raises_can_be_imported_from_the_door_of_the_ports():
    named = raised_by(Storage)
    assert {"StoreUnavailable", "ConcurrentUpdate"} <= named
    assert named <= set(ports.__all__)


@pytest.mark.parametrize("door", [embedded, ports, http], ids=lambda door: door.__name__)
def test_what_a_door_lists_is_there_and_nothing_twice(door):
    assert [name for name in door.__all__ if not hasattr(door, name)] == []
    assert len(set(door.__all__)) == len(door.__all__)


def test_a_door_has_no_name_that_it_does_not_list():
    with pytest.raises(AttributeError, match="no attribute 'find_amongst'"):
        _ = ports.find_amongst


@pytest.mark.parametrize(
    "first", ["application.store_kit.scan", "application.documents.task_view", "testing", "entrypoints.embedded.harbor"]
)
def test_an_inner_module_can_be_the_first_that_is_imported(first):
    subprocess.run([sys.executable, "-c", f"import taskharbor.{first}"], check=True)
