"""The conformance kit: what every store of tasks promises, as tests that you can run on your own store."""

from pkgutil import iter_modules

import pytest

# Before they are imported, so that a promise that is not kept shows its values as in any test file.
pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in iter_modules(__path__)))

from taskharbor.testing.copies_contract import CopiesContract  # noqa: E402
from taskharbor.testing.doubles.clock import FakeClock  # noqa: E402
from taskharbor.testing.doubles.occurrences import FakeOccurrences  # noqa: E402
from taskharbor.testing.doubles.parking_storage import ParkingStorage  # noqa: E402
from taskharbor.testing.doubles.uids import FakeUids  # noqa: E402
from taskharbor.testing.durability_contract import DurabilityContract  # noqa: E402
from taskharbor.testing.restore_contract import RestoreContract  # noqa: E402
from taskharbor.testing.sharing_contract import SharingContract  # noqa: E402
from taskharbor.testing.state_machine.machine import StorageMachine, storage_machine  # noqa: E402
from taskharbor.testing.storage_contract import StorageContract  # noqa: E402

__all__ = [
    "CopiesContract",
    "DurabilityContract",
    "FakeClock",
    "FakeOccurrences",
    "FakeUids",
    "ParkingStorage",
    "RestoreContract",
    "SharingContract",
    "StorageContract",
    "StorageMachine",
    "storage_machine",
]
