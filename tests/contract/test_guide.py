import re
import subprocess
import sys
from pathlib import Path

import pytest

import taskharbor.testing

GUIDE = Path(__file__).parents[2] / "docs" / "conformance-kit.md"


@pytest.mark.long
def test_the_store_in_the_guide_keeps_every_promise(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "test_my_store.py").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "test_my_store.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d{3,4} passed", done.stdout, re.MULTILINE)


def test_the_guide_names_every_contract() -> None:
    folder = Path(taskharbor.testing.__file__).parent
    contracts = set(
        re.findall(r"^class (\w+Contract)\(", "".join(f.read_text() for f in folder.rglob("*.py")), re.MULTILINE)
    )
    assert len(contracts) >= 9
    assert contracts <= set(re.findall(r"`(\w+Contract)`", GUIDE.read_text(encoding="utf-8"))) | {"StorageContract"}
