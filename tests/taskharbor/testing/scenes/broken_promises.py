"""Says of a test of the kit that fails which promise is broken, of which contract, and how to see that alone."""

from collections.abc import Generator
from typing import Final, Protocol

import pytest

_PLUGIN: Final = "taskharbor-broken-promises"
SECTION: Final = "Broken promise"


class KitTest(Protocol):
    """What is asked of a test: pytest's own have it, if they are functions."""

    cls: type | None
    nodeid: str
    originalname: str


def said_of(test: KitTest) -> str:
    """Return what is said of a test that fails."""
    name = test.originalname
    mro = () if test.cls is None else test.cls.__mro__
    contract = next((one for one in mro if name in vars(one)), None)
    promise = name.removeprefix("test_").replace("_", " ")
    summary = "" if contract is None else (contract.__doc__ or "").partition("\n")[0]
    of_contract = "" if contract is None else f"{contract.__name__}: {summary}\n"
    case = f" ({test.nodeid.partition('[')[2].removesuffix(']')})" if "[" in test.nodeid else ""
    return f"{promise}{case}\n{of_contract}To see it alone: pytest '{test.nodeid}'"


class _Plugin:
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        cls = getattr(item, "cls", None)
        if call.when == "call" and report.failed and isinstance(cls, type) and issubclass(cls, NamesItsPromises):
            report.sections.append((SECTION, said_of(item)))  # type: ignore[arg-type]  # a function, as it has a class
        return report


class NamesItsPromises:
    """Has pytest name what is broken of a contract."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _broken_promises_are_named(cls, request: pytest.FixtureRequest) -> None:
        plugins = request.config.pluginmanager
        if not plugins.has_plugin(_PLUGIN):
            plugins.register(_Plugin(), _PLUGIN)
